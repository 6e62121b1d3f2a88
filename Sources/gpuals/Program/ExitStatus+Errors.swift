import ALS
import ALSOpenCL
import OpenCL
import RatingsIO
import SampleRatings
import SystemProgram

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension ExitStatus {
  /// The status for each error that a command may end with: the one place that knows.
  init(for error: any Error) {
    switch error {
    case let error as CommandError: self.init(error)
    case let error as ALSError: self.init(error)
    case let error as OpenCLError: self.init(error)
    case is DeviceMemoryError: self = .unavailable
    case let error as RatingsIOError: self.init(error.kind)
    case let error as ModelFileError: self = FailureMessage.isClosedOutput(error) ? .done : ExitStatus(error.kind)
    case let error as KinesisError: self.init(error.kind)
    case let error as SageMakerError:
      if case .noTrainingChannel = error { self = .noInput } else { self = .usage }
    case let error as SampleError: self = error.isUsageError ? .usage : .cannotCreate
    default: self = .software
    }
  }

  private init(_ error: CommandError) {
    switch error {
    case .unknownCommand, .unknownMetric, .cannotExport, .notAGoal, .rangeWithoutTrials, .noTrialSucceeded,
      .foreignPlace:
      self = .usage
    case .unknownID, .rerank, .noKnownIDs, .ambiguousName, .noKnownPairs, .nothingBefore, .nothingKnownFrom,
      .nothingRelevant, .noRatingsOfUser, .ratingsNotKept, .otherRatings, .resumeMismatch,
      .startMismatch, .otherSearch, .nothingToCompareBy, .laterChangesGone, .ratingsOfOthers:
      self = .badData
    case .cannotStart, .nothingUsable, .nothingMeasured, .exchangeMissing: self = .unavailable
    case .exchange(let status, _): self = status
    case .kernelsDiffer: self = .software
    case .modelReplaced: self = .cannotCreate
    // Who closes a pipe has read enough: `gpuals recommend --all … | head` is no failure.
    case .standardOutput(let code, _): self = code == EPIPE ? .done : .inputOutput
    case .interrupted(let signal, _): self = signal == SIGTERM ? .terminated : .interrupted
    }
  }

  private init(_ error: ALSError) {
    switch error {
    // A singular matrix is mended by another regularization or rank, not by other data.
    case .invalidParameter, .singularSystem, .rankTooHigh, .nothingHeldOut: self = .usage
    case .overflow, .noRatings, .duplicateID, .tooManyRows, .noSparkStart, .stateMismatch: self = .badData
    }
  }

  private init(_ error: OpenCLError) {
    switch error {
    case .libraryNotFound, .functionMissing, .noPlatforms, .noDevices, .noSuchDevice, .bufferTooLarge,
      .outOfDeviceMemory:
      self = .unavailable
    case .workGroupTooLarge: self = .usage
    case .call(_, let status, _):
      let isMemory = [.memObjectAllocationFailure, .outOfResources, .outOfHostMemory].contains(status)
      self = isMemory || status == .deviceNotFound || status == .platformNotFound ? .unavailable : .software
    case .buildFailed, .kernelSignature: self = .software
    }
  }
}
