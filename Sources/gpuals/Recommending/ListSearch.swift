import ALS
import ALSOpenCL
import OpenCL
import Recommendation

/// Where lists are searched for: on a device, or, where that does not pay or cannot be, on the host. The lists are the same.
enum ListSearch {
  case host(Recommender)
  case device(OpenCLRecommender)

  /// Chooses.
  ///
  /// - Parameters:
  ///   - userCount: number of users that lists will be asked for.
  /// - Throws: `OpenCLError` where a device that was named cannot do it.
  init(
    _ options: ListDeviceOptions, factors: Factors, allowed: [Bool], seen: [CSRMatrix], count: Int, userCount: Int,
    _ notices: Notices
  ) throws {
    func onHost() -> ListSearch {
      .host(Recommender(factors: factors, allowed: allowed, seen: seen, count: count))
    }
    func onDevice() throws -> ListSearch? {
      guard let device = try options.device.device() else { return nil }
      return .device(
        try OpenCLRecommender(
          device: device, kernelFamily: options.kernelFamily.family, factors: factors, allowed: allowed, seen: seen,
          count: count, mostUsers: userCount))
    }
    switch options.device {
    case .reference:
      self = onHost()
    case .selected(.indices):
      guard count <= OpenCLRecommender.mostCount else {
        notices.note(
          "lists of more than \(OpenCLRecommender.mostCount) are made without the device: -n is \(count)")
        self = onHost()
        return
      }
      self = try onDevice() ?? onHost()
    case .selected(.best):
      let pays = OpenCLRecommender.pays(
        count: count, userCount: userCount, itemCount: factors.item.rowCount, rank: factors.item.rank)
      guard pays else {
        self = onHost()
        return
      }
      do {
        self = try onDevice() ?? onHost()
      } catch let error as OpenCLError {
        notices.note("recommending without a device: \(error)")
        self = onHost()
      }
    }
  }

  /// Users that lists are asked for at a time: enough for every core to have work, and few enough for the memory of their lists.
  func blockSize(count: Int) -> Int {
    switch self {
    case .host: max(256, min(8192, 4_000_000 / count))
    case .device(let recommender): recommender.usersAtOnce
    }
  }

  /// The lists of some users, in their order.
  func lists(forUsers rows: ArraySlice<Int>) throws -> [[ScoredRow]] {
    switch self {
    case .host(let recommender): recommender.lists(forUsers: rows)
    case .device(let recommender): try recommender.lists(forUsers: rows)
    }
  }
}
