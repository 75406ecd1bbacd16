/// Names of files for keys and classes: safe on every file system, and no two alike.
struct FileNames {
  private var taken: Set<String> = []

  /// The path of a sample inside the folder of its split: `CLASS/KEY.png`.
  mutating func path(for sample: Sample, extension ending: String) -> String {
    let folder = Self.safe(sample.label ?? "unlabelled")
    // The key of a file ends as the file did, that of a copy goes on with its number.
    let parts = sample.key.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    var stem = String(parts[0])
    if let dot = stem.lastIndex(of: "."), stem.distance(from: dot, to: stem.endIndex) <= 5 {
      stem = String(stem[..<dot])
    }
    if parts.count > 1 { stem += "#" + parts[1] }
    let name = Self.safe(stem)
    var path = "\(folder)/\(name).\(ending)"
    var number = 2
    // Without regard to case, which not every file system keeps apart.
    while !taken.insert("\(sample.split.rawValue)/\(path.lowercased())").inserted {
      path = "\(folder)/\(name)~\(number).\(ending)"
      number += 1
    }
    return path
  }

  /// Letters, digits and a few signs stay; a slash becomes `__`, anything else `-`.
  static func safe(_ text: String) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-", "+", "=", "~", " ": result.unicodeScalars.append(character)
      case "/": result += "__"
      default: result += character.properties.isAlphabetic ? String(character) : "-"
      }
    }
    while result.hasPrefix(".") || result.hasPrefix(" ") { result = "_" + result.dropFirst() }
    if result.utf8.count > 180 { result = String(result.prefix(60)) + "~" + PixelHash.text(result).prefix(16) }
    return result.isEmpty ? "_" : result
  }
}
