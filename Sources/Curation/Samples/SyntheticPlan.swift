import Randomness

/// Decides what every row of the synthetic dataset shows and what is wrong with it, before anything is drawn.
///
/// Rows come in FER2013's order: training, then validation, then test. Flaws are in the training split only, so that
/// what is measured on the other splits is measured against the truth.
struct SyntheticPlan {
  struct Row {
    var split: Split
    /// The class the row was counted as; flawed rows show something else.
    var expression: FaceExpression
    var given: FaceExpression
    var flaw: SyntheticFlaw?
  }

  private(set) var rows: [Row] = []
  private var generator: SeededGenerator

  init(_ options: SyntheticFaces.Options) {
    generator = SeededGenerator(seed: options.seed, "synthetic-plan")
    let validation = options.count / 10
    let test = options.count / 10
    let sizes: [(Split, Int, Int)] = [
      (.train, options.count - validation - test, SyntheticFaces.Options.fewestPerClass), (.validation, validation, 2),
      (.test, test, 2),
    ]
    for (split, size, fewest) in sizes {
      let counts = Self.apportion(size, fewest: fewest)
      let members = FaceExpression.allCases.flatMap { [FaceExpression](repeating: $0, count: counts[$0.number]) }
      rows += members.shuffled(using: &generator).map { Row(split: split, expression: $0, given: $0) }
    }
    add(.blank, count: options.blanks)
    add(.notAFace, count: options.nonFaces)
    let conflicts = addCopies(count: options.duplicates)
    let faces = rows.count { $0.split == .train && $0.flaw != .blank && $0.flaw != .notAFace }
    addWrongLabels(count: Int((Double(faces) * options.noise).rounded()) - conflicts)
  }

  /// Splits `total` as FER2013's training rows are split over the classes, with at least `fewest` of each.
  ///
  /// Classes below the floor are lifted to it; the others give up the difference in proportion.
  static func apportion(_ total: Int, fewest: Int) -> [Int] {
    let shares = FaceExpression.allCases.map { Double($0.ferTrainingCount) }
    precondition(total >= fewest * shares.count, "There are enough pictures for the floor of every class")
    var lifted: Set<Int> = []
    var exact: [Double] = []
    repeat {
      let free = Double(total - fewest * lifted.count)
      let sum = shares.indices.reduce(0) { lifted.contains($1) ? $0 : $0 + shares[$1] }
      exact = shares.indices.map { lifted.contains($0) ? Double(fewest) : free * shares[$0] / sum }
      let low = exact.indices.filter { exact[$0] < Double(fewest) }
      if low.isEmpty { break }
      lifted.formUnion(low)
    } while lifted.count < shares.count
    if lifted.count == shares.count { exact = shares.map { _ in Double(fewest) } }

    var counts = exact.map { Int($0) }
    let byRemainder = exact.indices.sorted { exact[$0] - Double(counts[$0]) > exact[$1] - Double(counts[$1]) }
    for place in 0..<(total - counts.reduce(0, +)) { counts[byRemainder[place % counts.count]] += 1 }
    return counts
  }

  /// Training rows without a flaw, in random order.
  private mutating func soundTrainingRows() -> [Int] {
    rows.indices.filter { rows[$0].split == .train && rows[$0].flaw == nil }.shuffled(using: &generator)
  }

  private mutating func add(_ flaw: SyntheticFlaw, count: Int) {
    for row in soundTrainingRows().prefix(count) { rows[row].flaw = flaw }
  }

  /// Turns training rows into copies: of training rows, of test rows, of validation rows, and with another label.
  ///
  /// - Returns: how many of them have a wrong label.
  private mutating func addCopies(count: Int) -> Int {
    var conflicts = 0
    var made = 0
    var used: Set<Int> = []
    for copy in soundTrainingRows() where made < count && !used.contains(copy) {
      let sourceSplit: Split = [.train, .test, .validation, .train][made % 4]
      let sources = rows.indices.filter {
        $0 != copy && rows[$0].split == sourceSplit && rows[$0].expression == rows[copy].expression
          && rows[$0].flaw == nil && !used.contains($0)
      }
      guard let source = sources.randomElement(using: &generator) else { continue }
      if made % 4 == 3 {
        rows[copy].flaw = .conflictingCopy(ofRow: source)
        rows[copy].given = ExpressionConfusion.wrongLabel(for: rows[copy].expression, using: &generator)
        conflicts += 1
      } else {
        rows[copy].flaw = .copy(ofRow: source)
      }
      used.formUnion([copy, source])
      made += 1
    }
    return conflicts
  }

  private mutating func addWrongLabels(count: Int) {
    let copied = Set(
      rows.compactMap { row -> Int? in
        switch row.flaw {
        case .copy(let source), .conflictingCopy(let source): source
        default: nil
        }
      })
    for row in soundTrainingRows().filter({ !copied.contains($0) }).prefix(max(0, count)) {
      rows[row].flaw = .wrongLabel
      rows[row].given = ExpressionConfusion.wrongLabel(for: rows[row].expression, using: &generator)
    }
  }
}
