import SystemProgram

/// What can go wrong in the commands themselves, beyond what the libraries report. Cases are facts; ``description`` words
/// them, and `ExitStatus.init(for:)` gives each its exit code.
enum CommandError: Error, Equatable {
  /// No such command, built in or beside the binary or on the PATH.
  case unknownCommand(String, near: [String])
  /// A program for the command exists but cannot be started.
  case cannotStart(path: String, reason: String)
  /// A metric that this version does not compute.
  case unknownMetric(String, known: [String])
  /// A metric that a search cannot aim at.
  case notAGoal(String)
  /// A search without end: ranges, and no number of trials.
  case rangeWithoutTrials([String])
  /// The file of an earlier search is of another one.
  case otherSearch(file: String, what: String)
  /// All trials of a search failed.
  case noTrialSucceeded(count: Int, reason: String)
  /// No rating is held out to compare models by.
  case nothingToCompareBy
  /// An id that the model does not know. `near` are ids that look like it, if any.
  case unknownID(kind: String, id: String, model: String, hint: String?)
  /// None of the ids of a list is known.
  case noKnownIDs(kind: String, list: String, count: Int)
  /// A name that several items bear.
  case ambiguousName(String, matches: [String])
  /// The program of --rerank answered wrongly, or ended too early.
  case rerank(command: String, answered: Int, reason: String)
  /// None of the pairs to measure on is known to the model.
  case noKnownPairs(file: String, unknown: Int)
  /// No ratings are left to train on, or to test on.
  case nothingBefore(time: String)
  case nothingKnownFrom(time: String, unknown: Int)
  /// Nothing in a test set is to be recommended.
  case nothingRelevant(file: String)
  /// There is nothing to explain a user's scores by.
  case noRatingsOfUser(String)
  /// What is asked needs the training ratings, and the model was saved without.
  case ratingsNotKept(model: String, purpose: String, remedy: String)
  /// Ratings that are given are not those that a model was trained on.
  case otherRatings(model: String, count: Int, found: Int)
  /// Another model has taken the place of the one that is being updated.
  case modelReplaced(String)
  /// Changes that come late cannot be put in their order.
  case laterChangesGone(late: String, missing: String, count: Int)
  /// A model that has no form in other software.
  case cannotExport(model: String, to: String, reason: String)
  /// Python or its package, which reads and writes Parquet, is not there.
  case exchangeMissing(python: String, reason: String)
  /// That package refused or failed; the words are its own.
  case exchange(status: ExitStatus, message: String)
  /// A place that no command reads or writes, such as hdfs://.
  case foreignPlace(String, scheme: String)
  /// None of the ratings that are given with a model is of its users and items.
  case ratingsOfOthers(file: String, unknown: Int)
  /// The saved model is of another run than the one to be resumed.
  case resumeMismatch(model: String, what: String)
  /// The model that training is to start from does not fit.
  case startMismatch(model: String, what: String)
  /// Standard output cannot be written. A closed pipe is the reader's choice and ends the program quietly.
  case standardOutput(code: Int32, reason: String)
  /// A signal ended the command; the text says what was saved and how to go on.
  case interrupted(signal: Int32, outcome: String)
  /// `doctor` found nothing to train on. Everything has been said already.
  case nothingUsable
  /// Kernels computed something else than the reference in some of the comparisons of `bench --check`.
  case kernelsDiffer(Int, of: Int)
  /// `bench` could time nothing at all.
  case nothingMeasured(reason: String)
}

extension CommandError: CustomStringConvertible {
  /// One sentence or two: what, where, and the remedy.
  var description: String {
    switch self {
    case .unknownCommand(let name, let near):
      let hint =
        near.isEmpty
        ? "'gpuals --help' lists the commands"
        : "did you mean \(near.map { "'gpuals \($0)'" }.joined(separator: " or "))?"
      return "there is no command '\(name)', nor a program gpuals-\(name) beside this one or on the PATH: \(hint)"
    case .cannotStart(let path, let reason):
      return "cannot start \(path): \(reason)"
    case .unknownMetric(let name, let known):
      return "the metric '\(name)' is not known in this version: --metrics takes \(known.joined(separator: ","))"
    case .notAGoal(let name):
      return
        "--metric \(name): coverage and novelty alone do not make good recommendations. Choose by another metric, and look at"
        + " these with 'gpuals evaluate'"
    case .rangeWithoutTrials(let names):
      return
        "\(names.map { "--\($0)" }.joined(separator: ", ")): a range has no end of values. Say with --trials N how many"
        + " combinations to draw, or list values, as in 16,32,64"
    case .otherSearch(let file, let what):
      return
        "cannot resume \(file): \(what). Give the same ratings and options as before, or leave out --resume to search anew"
        + " and replace it"
    case .noTrialSucceeded(let count, let reason):
      return "none of \(Quantity.counted(count, "trial")) came to an end: \(reason)"
    case .nothingToCompareBy:
      return
        "no rating is held out to compare models by: give a larger --holdout, --folds, or --test with a file of ratings of"
        + " known users and items"
    case .unknownID(let kind, let id, let model, let hint):
      return "the model \(model) knows no \(kind) \"\(id)\"" + (hint.map { ": \($0)" } ?? "")
    case .noKnownIDs(let kind, let list, let count):
      return count == 0
        ? "\(list): holds no ids, but should list one \(kind) a line"
        : "\(list): none of its \(Quantity.grouped(count)) ids is a \(kind) of the model"
    case .ambiguousName(let name, let matches):
      return "\"\(name)\" is the name of \(matches.count) items: give one of the ids "
        + matches.prefix(10).joined(separator: ", ") + (matches.count > 10 ? ", …" : "")
    case .rerank(let command, let answered, let reason):
      return "--rerank \(command): after \(Quantity.counted(answered, "list")), \(reason)"
    case .noKnownPairs(let file, let unknown):
      return unknown == 0
        ? "\(file): holds no ratings to measure on"
        : "\(file): in none of its \(Quantity.grouped(unknown)) ratings are both user and item known to the model, "
          + "so there is nothing to measure: is it the right file, and are its columns the right way round (--columns)?"
    case .nothingBefore(let time):
      return
        "there are no ratings before \(time) to train on: give --split-by-time a later time, or a share of the ratings"
    case .nothingKnownFrom(let time, let unknown):
      return unknown == 0
        ? "there are no ratings from \(time) on to test on: give --split-by-time an earlier time, or a share of the ratings"
        : "in none of the \(Quantity.grouped(unknown)) ratings from \(time) on are both user and item known from before:"
          + " there is nothing to test on"
    case .nothingRelevant(let file):
      return
        "\(file): none of its ratings is of an item to recommend: all are among the training ratings (--include-seen), or"
        + " below --relevant-from"
    case .noRatingsOfUser(let user):
      return "user \(user) has no ratings to explain a score by: give some with --ratings"
    case .ratingsNotKept(let model, let purpose, let remedy):
      return "\(purpose) needs the training ratings, and \(model) keeps none (--no-keep-ratings): \(remedy)"
    case .otherRatings(let model, let count, let found):
      return
        "\(model) was trained on \(Quantity.counted(count, "rating")), and the \(Quantity.grouped(found)) of --ratings are not"
        + " the same: give those that it was trained on, read the same way"
    case .modelReplaced(let model):
      return
        "the model in \(model) was replaced by another run while this one was under way, and was left as it is: run the same"
        + " command again to bring the new one up to date"
    case .laterChangesGone(let late, let missing, let count):
      return
        "\(late) has come late, and \(Quantity.counted(count, "later file")) that the model has, such as \(missing), are gone:"
        + " which change is the last one cannot be told. Bring them back, or train again"
    case .cannotExport(let model, let software, let reason):
      return "cannot export \(model) to \(software): \(reason)"
    case .exchangeMissing(let python, let reason):
      return
        "Spark's models are Parquet files, which \(python) -m gpuals.exchange reads and writes, and: \(reason). In a clone of"
        + " gpuals run python3 -m pip install './python[parquet]'; GPUALS_PYTHON names another Python"
    case .exchange(_, let message):
      return message
    case .foreignPlace(let place, let scheme):
      return scheme == "s3a" || scheme == "s3n"
        ? "\(place): write s3:// in place of \(scheme)://"
        : "\(place): of places, only directories here and s3:// are known: copy it, as with hdfs dfs -get and -put"
    case .ratingsOfOthers(let file, let unknown):
      return
        "\(file): in none of its \(Quantity.grouped(unknown)) ratings are both user and item known to the model: is it the right"
        + " file, and are its columns the right way round (--columns)?"
    case .resumeMismatch(let model, let what):
      return "cannot resume \(model): \(what). Give the same ratings and parameters as before, "
        + "or leave out --resume to train anew and replace it"
    case .startMismatch(let model, let what):
      return "cannot start from \(model): \(what)"
    case .standardOutput(_, let reason):
      return "cannot write to standard output: \(reason)"
    case .interrupted(_, let outcome):
      return outcome
    case .nothingUsable:
      return "no device can train here"
    case .nothingMeasured(let reason):
      return "nothing could be measured: \(reason)"
    case .kernelsDiffer(let count, let all):
      return "\(count) of \(all) comparisons with the reference failed: this device's results cannot be trusted; "
        + "please report it with the output of 'gpuals bench --check'"
    }
  }
}
