import Curation
import Foundation

/// What can be wrong with a request that the libraries cannot know about.
enum CLIError: Error, Equatable {
  case invalidDecisions(file: String, invalid: Int, total: Int)
  case unknownName(String, kind: String, known: [String])
  case sameFile(String)
  case gateClosed(changed: Double, gate: Double)
  case unusableTruth(String, reason: String)
  case nothingKnown(String)
  case otherRun(String)
  case noLabelledSamples(split: String)
  case nothingToJudgeBy(split: String, reference: String)
  case noPictures([String])
  case nothingToFollow(String, confidence: Double)
  case outOfOrder([OrderViolation])
}

extension CLIError: CustomStringConvertible, LocalizedError {
  /// What is wrong and what to do about it, in one line.
  var description: String {
    switch self {
    case .invalidDecisions(let file, let invalid, let total):
      "\(invalid) of \(Numbers.count(total, "row")) of \(file) cannot be applied, so nothing was changed; "
        + "correct them, or use --skip-invalid to apply the others"
    case .unknownName(let name, let kind, let known):
      "there is no \(kind) '\(name)'; choose from \(known.joined(separator: ", "))"
    case .sameFile(let path):
      "\(path) is both what is read and what is written; name another file with --into"
    case .gateClosed(let changed, let gate):
      "\(Numbers.percent(changed)) of the samples differ, more than the gate of \(Numbers.percent(gate))"
    case .unusableTruth(let path, let reason):
      "truth file \(path): \(reason)"
    case .nothingKnown(let path):
      "\(path) says of no label whether it is right: ingest votes, or give --truth a file that names samples of the dataset"
    case .otherRun(let path):
      "\(path) holds a run with another recipe or other sources; name another folder with --into, or remove it"
    case .nothingToJudgeBy(let split, let reference):
      "nothing is known of the \(split) samples by \(reference): there is nothing to compare predictions with"
    case .noLabelledSamples(let split):
      "the dataset has no labelled samples in the split \(split)"
    case .noPictures(let files):
      "nothing was predicted: no picture could be read from "
        + "\(files.count == 1 ? files[0] : Numbers.count(files.count, "file")); name PNG, JPEG or PNM files"
    case .nothingToFollow(let path, let confidence):
      "\(path) has no open suggestion of at least \(Numbers.percent(confidence)) that may be followed; "
        + "'fercure audit' makes suggestions, --accept-above lowers what is asked, --ungated follows what gates hold back"
    case .outOfOrder(let violations):
      "refused: " + violations.map(\.description).joined(separator: "; and ") + "; or pass over it with "
        + Set(violations.map(\.kind)).sorted { $0.rawValue < $1.rawValue }.map { "--allow-\($0.rawValue)" }
        .joined(separator: " ")
    }
  }

  /// The same line, where Foundation asks for it.
  var errorDescription: String? { description }
}
