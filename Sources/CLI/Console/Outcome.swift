import Foundation

/// How a command ended when it was neither a success nor an error: thrown by `run()`, it becomes the exit code.
enum Outcome: Int32, Error {
  /// Finished, but inputs were rejected and `--strict` was given.
  case rejectedInputs = 2
}

/// The words of an error for a person, in one line.
enum ErrorText {
  /// What `description` or Foundation says about an error.
  static func of(_ error: any Error) -> String {
    let text =
      if let described = (error as? any LocalizedError)?.errorDescription {
        described
      } else if let error = error as? CocoaError {
        [error.filePath ?? error.url?.path, cause(of: error)].compactMap(\.self).joined(separator: ": ")
      } else if error is POSIXError {
        error.localizedDescription
      } else {
        String(describing: error)
      }
    return text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// What the system said, which is shorter and says more than Foundation does.
  private static func cause(of error: CocoaError) -> String {
    guard let underlying = error.underlying as NSError?, underlying.domain == NSPOSIXErrorDomain else {
      return error.localizedDescription
    }
    return String(cString: strerror(Int32(underlying.code)))
  }
}
