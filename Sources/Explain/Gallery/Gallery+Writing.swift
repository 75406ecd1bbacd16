public import Foundation
internal import Imaging

extension Gallery {
  /// Writes the page, the pictures and the maps into a folder, which is created when it is not there.
  ///
  /// - `index.html`: everything, in one file.
  /// - `sheets/CLASS.png`: the class's faces, a column a method; `sheets/all.png`: the first face of each class.
  /// - `faces/KEY/METHOD.png` and `.npy`: each map over its face, and its numbers; `picture.png`, `activations.png`.
  /// - `channels/LAYER.png`, `channels/classes.png`: what channels and classes answer to.
  /// - `mean/maps.png`, `mean/CLASS-METHOD.npy`: mean maps.
  /// - Returns: the paths that were written, relative to the folder.
  @discardableResult
  public func write(to folder: URL) throws -> [String] {
    var paths: [String] = []
    func write(_ bytes: [UInt8], _ path: String) throws {
      let url = folder.appending(path: path)
      do {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
      } catch let error as CocoaError {
        throw ExplainError.file(url.path(percentEncoded: false), reason: error.localizedDescription)
      }
      paths.append(path)
    }
    // What is called alike once it is a file's name gets a number; the sheet of all classes keeps its own.
    var taken: Set<String> = ["sheets/all"]
    func place(_ folder: String, _ name: String) -> String {
      let wanted = "\(folder)/\(Self.fileName(name))"
      var (result, number) = (wanted, 2)
      while !taken.insert(result.lowercased()).inserted { (result, number) = ("\(wanted)-\(number)", number + 1) }
      return result
    }
    for label in classes {
      guard let sheet = sheet(of: faces.filter { $0.label == label }).image else { continue }
      try write(PNGCodec.encode(sheet), "\(place("sheets", label)).png")
    }
    let firsts = classes.compactMap { label in faces.first { $0.label == label } }
    if let sheet = sheet(of: firsts).image { try write(PNGCodec.encode(sheet), "sheets/all.png") }
    for face in faces {
      let place = place("faces", face.key)
      try write(PNGCodec.encode(face.picture), "\(place)/picture.png")
      for (method, explanation) in zip(methods, face.explanations) {
        let overlay = explanation.map.overlay(on: face.picture, magnification: 2 * face.magnification)
        try write(PNGCodec.encode(overlay), "\(place)/\(method.name).png")
        try write(explanation.map.numpyBytes, "\(place)/\(method.name).npy")
      }
      if let sheet = face.activations?.sheet(side: 64).image {
        try write(PNGCodec.encode(sheet), "\(place)/activations.png")
      }
    }
    for (name, sheet) in summitSheets() {
      if let image = sheet.image { try write(PNGCodec.encode(image), "channels/\(Self.fileName(name)).png") }
    }
    if let image = meanSheet()?.image { try write(PNGCodec.encode(image), "mean/maps.png") }
    for mean in meanMaps {
      try write(mean.map.numpyBytes, "\(place("mean", "\(mean.label)-\(mean.method)")).npy")
    }
    try write(Array(try GalleryPage(self).html.utf8), "index.html")
    return paths
  }

  /// A name without what would lead out of the folder, and short enough for any file system: its end tells more.
  static func fileName(_ name: String) -> String {
    var kept = name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "_" }[...]
    while String(kept).utf8.count > 200 { kept.removeFirst() }
    return kept.first == "." ? "_" + String(kept.dropFirst()) : String(kept)
  }
}
