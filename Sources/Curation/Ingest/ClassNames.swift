/// The classes of a dataset, and the other words that name them.
struct ClassNames: Sendable {
  /// FER2013's classes; the position is the number in its csv.
  static let fer = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]

  /// Words of other datasets for the same expressions.
  private static let synonyms = [
    "anger": "angry", "disgusted": "disgust", "fearful": "fear", "afraid": "fear", "happiness": "happy",
    "joy": "happy", "sadness": "sad", "surprised": "surprise", "neutrality": "neutral", "contemptuous": "contempt",
  ]

  let names: [String]
  private let indices: [String: Int]
  private let cells: [String: String]

  init(_ names: [String]) {
    self.names = names
    indices = Dictionary(names.enumerated().map { (Self.canonical($1), $0) }, uniquingKeysWith: { first, _ in first })
    // The usual cells, looked up as they stand.
    cells = Dictionary(
      names.map { ($0, $0) } + names.enumerated().map { (String($0), $1) }, uniquingKeysWith: { first, _ in first })
  }

  /// The class that `text` names, whatever its case, also by a synonym.
  func name(for text: String) -> String? {
    indices[Self.canonical(text)].map { names[$0] }
  }

  /// The class that a cell of a csv means: a number, unless a class has that name, or a name.
  func name(forCell text: String) -> String? {
    if let name = cells[text] { return name }
    return name(for: text)
  }

  /// The classes of a new dataset made from class folders: FER2013's when all folders are among them.
  static func forFolders(_ folders: some Sequence<String>) -> [String] {
    let found = Set(folders)
    let fer = ClassNames(fer)
    if found.allSatisfy({ fer.name(for: $0) != nil }) { return Self.fer }
    // Folders that read alike are one class, by the name that sorts first.
    var seen: Set<String> = []
    return found.sorted().filter { seen.insert(canonical($0)).inserted }
  }

  /// Reads a list such as `angry,happy,sad`.
  ///
  /// - Throws: `CurationError.badClassList`.
  static func parse(_ list: [String]) throws -> [String] {
    let names = list.map { $0.trimmed }
    guard names.count >= 2, names.allSatisfy({ !$0.isEmpty }), Set(names.map(canonical)).count == names.count else {
      throw CurationError.badClassList(list.joined(separator: ","))
    }
    return names
  }

  private static func canonical(_ text: String) -> String {
    let word = text.trimmed.lowercased()
    return synonyms[word] ?? word
  }
}

extension String {
  /// Without blanks at either end.
  var trimmed: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
