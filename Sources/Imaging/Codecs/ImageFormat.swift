/// The file formats that can be read.
public enum ImageFormat: String, Sendable, Codable, CaseIterable {
  /// Portable Network Graphics.
  case png
  /// JPEG, with or without a JFIF or EXIF header.
  case jpeg
  /// Portable bitmap, graymap or pixmap, plain or raw (PBM, PGM, PPM).
  case pnm

  /// The format's name in messages.
  public var title: String {
    switch self {
    case .png: "PNG"
    case .jpeg: "JPEG"
    case .pnm: "PNM"
    }
  }

  /// The extensions that files of the format usually have, in lower case; the first is used for writing.
  ///
  /// They help to find pictures in a folder; what a file really holds is always decided by its bytes.
  public var fileExtensions: [String] {
    switch self {
    case .png: ["png"]
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
    case .pnm: ["pnm", "pgm", "ppm", "pbm"]
    }
  }
}
