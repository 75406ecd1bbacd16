#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// What can be wrong with picture data, and with operations that came from a file.
public enum ImagingError: Error, Sendable, Equatable {
  /// The bytes are no picture that can be read; `appearance` says what they look like, as in "an HTML page".
  case notAPicture(appearance: String)
  /// The file ends before the picture does.
  case truncated(ImageFormat, detail: String)
  /// The file has the right beginning, but its contents break the format's rules.
  case damaged(ImageFormat, reason: String)
  /// The file is sound, but uses a part of its format that is not read.
  case unsupported(ImageFormat, reason: String)
  /// The header claims a size past `ImageLimits`.
  case tooLarge(ImageFormat, width: Int, height: Int)
  /// The picture could not be written.
  case notEncoded(ImageFormat, reason: String)
  /// An operation cannot be applied to a picture, or its parameters make no sense.
  case invalidOperation(String, reason: String)
  /// A name that none of a list of things has.
  case unknownName(kind: String, name: String, known: [String])
}

extension ImagingError: CustomStringConvertible, LocalizedError {
  /// The error in words.
  public var description: String {
    switch self {
    case .notAPicture(let appearance):
      "not a PNG, JPEG or PNM picture: it looks like \(appearance)"
    case .truncated(let format, let detail):
      "truncated \(format.title): \(detail)"
    case .damaged(let format, let reason):
      "damaged \(format.title): \(reason)"
    case .unsupported(let format, let reason):
      "unsupported \(format.title): \(reason)"
    case .tooLarge(let format, let width, let height):
      "\(format.title) of \(width) x \(height) pixels is too large: at most \(ImageLimits.largestSide) a side and "
        + "\(ImageLimits.largestArea / 1_000_000) megapixels are read"
    case .notEncoded(let format, let reason):
      "cannot write \(format.title): \(reason)"
    case .invalidOperation(let name, let reason):
      "cannot apply \(name): \(reason)"
    case .unknownName(let kind, let name, let known):
      "there is no \(kind) '\(name)'; known are \(known.joined(separator: ", "))"
    }
  }

  /// The same words, for callers that know only `Error`.
  public var errorDescription: String? { description }
}
