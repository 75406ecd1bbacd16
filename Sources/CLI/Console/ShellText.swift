/// Commands as a reader can paste them into a shell.
enum ShellText {
  /// A command of fercure's.
  static func fercure(_ words: [String]) -> String { (["fercure"] + words.map(word)).joined(separator: " ") }

  /// A word that a shell takes as it is.
  static func word(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): true
      default: "-_./+,:@".utf8.contains($0)
      }
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
  }
}
