/// How many samples each class shall have: the vocabulary of imbalanced-learn's `sampling_strategy`.
///
/// "Up" and "down" below depend on the method: oversampling only adds, undersampling only takes away.
public enum SamplingStrategy: Sendable, Hashable {
  /// The smallest class goes up to the largest.
  case minority
  /// The largest class goes down to the smallest.
  case majority
  /// Every class but the largest is brought to the reference: the largest class when oversampling, the smallest when
  /// undersampling, the median when doing both.
  case notMajority
  /// Every class but the smallest is brought to the reference.
  case notMinority
  /// Every class is brought to the reference.
  case all
  /// Classes are brought to the median of the counts.
  case median
  /// Classes are brought to the mean of the counts.
  case mean
  /// Classes go up to the largest.
  case max
  /// Classes are brought to a number.
  case count(Int)
  /// Classes are brought so near to each other that the smallest is at least this share of the largest.
  case ratio(Double)
  /// Named classes are brought to numbers of their own; the others stay.
  case perClass([String: Int])

  /// What can be written, for messages and help.
  public static let grammar =
    "minority, majority, not-majority, not-minority, all, median, mean, max, a number, a ratio such as 0.5, or "
    + "CLASS=NUMBER,CLASS=NUMBER"

  /// The most samples that a class can be asked to have: far beyond any dataset, and far from the end of the integers.
  public static let largestCount = 10_000_000

  private static let named: [(String, SamplingStrategy)] = [
    ("minority", .minority), ("majority", .majority), ("not-majority", .notMajority), ("not-minority", .notMinority),
    ("all", .all), ("median", .median), ("mean", .mean), ("max", .max),
  ]

  /// Reads a strategy as it is written on the command line and in recipes.
  ///
  ///     try SamplingStrategy(parsing: "disgust=1000,fear=3000")
  ///
  /// - Throws: `BalanceError.badStrategy`, which says what is wrong.
  public init(parsing text: String) throws {
    let word = text.lowercased().replacing("_", with: "-").replacing(" ", with: "-")
    if let (_, strategy) = Self.named.first(where: { $0.0 == word }) {
      self = strategy
    } else if let number = Int(text) {
      guard number > 0 else { throw BalanceError.badStrategy(text, problem: "a class needs at least one sample") }
      self = .count(try Self.checked(number, in: text))
    } else if text.contains("."), let ratio = Double(text) {
      guard ratio > 0, ratio <= 1 else {
        throw BalanceError.badStrategy(text, problem: "a ratio is above 0 and up to 1")
      }
      self = .ratio(ratio)
    } else if text.contains("=") {
      self = .perClass(try Self.classCounts(text))
    } else {
      throw BalanceError.badStrategy(text, problem: text.isEmpty ? "it is empty" : "there is none of that name")
    }
  }

  private static func classCounts(_ text: String) throws -> [String: Int] {
    var counts: [String: Int] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, !sides[0].isEmpty, let number = Int(sides[1]), number > 0 else {
        throw BalanceError.badStrategy(text, problem: "'\(part)' is not CLASS=NUMBER with a number above 0")
      }
      guard counts.updateValue(try checked(number, in: text), forKey: String(sides[0])) == nil else {
        throw BalanceError.badStrategy(text, problem: "class \(sides[0]) is named twice")
      }
    }
    return counts
  }

  private static func checked(_ number: Int, in text: String) throws -> Int {
    guard number <= largestCount else {
      throw BalanceError.badStrategy(text, problem: "a class has at most \(largestCount) samples")
    }
    return number
  }
}

extension SamplingStrategy: CustomStringConvertible {
  /// The strategy as `init(parsing:)` reads it; classes in alphabetical order.
  public var description: String {
    switch self {
    case .count(let number): "\(number)"
    case .ratio(let ratio): "\(ratio)"
    case .perClass(let counts): counts.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    default: Self.named.first { $0.1 == self }?.0 ?? ""
    }
  }
}

extension SamplingStrategy: Codable {
  /// Reads the text form, or a plain number.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // Numbers first: every YAML scalar decodes as a string too.
    let whole = (try? container.decode(Int.self)).map(String.init)
    let text = whole ?? (try? container.decode(Double.self)).map { "\($0)" }
    try self.init(parsing: text ?? container.decode(String.self))
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension SamplingStrategy {
  /// The count that every class shall have.
  ///
  /// - Parameters:
  ///   - counts: the samples of each class before, in the dataset's order; classes without samples count as 0 and are
  ///     no smallest class.
  ///   - method: decides the reference and which changes are possible.
  /// - Returns: one target for each entry of `counts`.
  /// - Throws: `BalanceError`.
  func targets(for counts: [(label: String, count: Int)], method: Rebalancer.Method) throws -> [Int] {
    let present = counts.map(\.count).filter { $0 > 0 }.sorted()
    guard let smallest = present.first, let largest = present.last else { throw BalanceError.nothingToBalance }
    let reference =
      switch method {
      case .oversample: largest
      case .undersample: smallest
      case .both: Self.median(present)
      }
    func level(_ target: Int) -> [Int] {
      counts.map { method.towards(target, from: $0.count) }
    }
    func refuse(_ method: Rebalancer.Method) throws {
      if self.isOneWay, method != self.way { throw BalanceError.wrongMethod(strategy: description, method: method) }
    }
    try refuse(method == .both ? way : method)
    switch self {
    case .minority:
      return counts.map { $0.count == smallest ? reference : $0.count }
    case .majority:
      return counts.map { $0.count == largest ? reference : $0.count }
    case .notMajority:
      return counts.map { $0.count == 0 || $0.count == largest ? $0.count : reference }
    case .notMinority:
      return counts.map { $0.count == 0 || $0.count == smallest ? $0.count : reference }
    case .all:
      return level(reference)
    case .median:
      return level(Self.median(present))
    case .mean:
      return level(Int((Double(present.reduce(0, +)) / Double(present.count)).rounded()))
    case .max:
      return level(largest)
    case .count(let number):
      return level(number)
    case .ratio(let ratio):
      let (floor, ceiling) = Self.bounds(ratio, reference: reference, method: method)
      return counts.map { $0.count == 0 ? 0 : Swift.max(floor, Swift.min(ceiling, $0.count)) }
    case .perClass(let wanted):
      return try targets(of: wanted, for: counts, method: method)
    }
  }

  /// Whether the strategy can only add, or only take away.
  private var isOneWay: Bool { self == .minority || self == .majority || self == .max }
  /// The method of a strategy that goes one way.
  private var way: Rebalancer.Method { self == .majority ? .undersample : .oversample }

  private static func median(_ present: [Int]) -> Int {
    let middle = present.count / 2
    return present.count % 2 == 1 ? present[middle] : (present[middle - 1] + present[middle]) / 2
  }

  /// The smallest and the largest count that a ratio allows around what the method does not change.
  private static func bounds(_ ratio: Double, reference: Int, method: Rebalancer.Method) -> (Int, Int) {
    let reference = Double(reference)
    return switch method {
    case .oversample: (least(reference * ratio), .max)
    case .undersample: (0, most(reference / ratio))
    case .both: (least(reference * ratio.squareRoot()), most(reference / ratio.squareRoot()))
    }
  }

  // 100 * 0.07 is a hair more than 7 in binary numbers, and 7 are meant.
  private static let tolerance = 1e-9

  /// The smallest count that is no less than `count`.
  private static func least(_ count: Double) -> Int { Int((count * (1 - tolerance)).rounded(.up)) }

  /// The largest count that is no more; a tiny ratio asks for more than an integer holds, which is no bound at all.
  private static func most(_ count: Double) -> Int { count < 0x1p53 ? Int(count * (1 + tolerance)) : .max }

  private func targets(
    of wanted: [String: Int], for counts: [(label: String, count: Int)], method: Rebalancer.Method
  ) throws -> [Int] {
    let known = counts.map(\.label)
    for name in wanted.keys.sorted() where !known.contains(name) {
      throw BalanceError.unknownClass(name, known: known)
    }
    return try counts.map { label, count in
      guard let target = wanted[label] else { return count }
      guard count > 0 else { throw BalanceError.emptyClass(label) }
      guard method.towards(target, from: count) == target else {
        throw BalanceError.unreachable(label: label, count: count, target: target, method: method)
      }
      return target
    }
  }
}
