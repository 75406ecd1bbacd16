import Curation
import Foundation
import Testing

@testable import Curation

struct SamplingStrategyTests {
  private let counts = [("a", 10), ("b", 2), ("c", 6), ("d", 0)].map { (label: $0.0, count: $0.1) }

  // The counts of imbalanced-learn 0.14 for the same classes, wherever it has the strategy.
  @Test(arguments: [
    ("minority", [10, 10, 6, 0]), ("not-majority", [10, 10, 10, 0]), ("not minority", [10, 2, 10, 0]),
    ("all", [10, 10, 10, 0]), ("max", [10, 10, 10, 0]), ("median", [10, 6, 6, 0]), ("mean", [10, 6, 6, 0]),
    ("8", [10, 8, 8, 0]), ("b=5,c=9", [10, 5, 9, 0]),
  ]) func `Oversampling targets`(text: String, targets: [Int]) throws {
    #expect(try SamplingStrategy(parsing: text).targets(for: counts, method: .oversample) == targets)
  }

  @Test(arguments: [
    ("majority", [2, 2, 6, 0]), ("not-minority", [2, 2, 2, 0]), ("not_majority", [10, 2, 2, 0]), ("all", [2, 2, 2, 0]),
    ("median", [6, 2, 6, 0]), ("4", [4, 2, 4, 0]), ("a=5", [5, 2, 6, 0]),
  ]) func `Undersampling targets`(text: String, targets: [Int]) throws {
    #expect(try SamplingStrategy(parsing: text).targets(for: counts, method: .undersample) == targets)
  }

  @Test(arguments: [
    "minority", "majority", "not-majority", "not-minority", "all", "median", "mean", "max", "12", "0.5", "a=1,b=2",
  ]) func `A strategy is written as it is read`(text: String) throws {
    let strategy = try SamplingStrategy(parsing: text)
    #expect(strategy.description == text)
    let json = try JSONEncoder().encode([strategy])
    #expect(try JSONDecoder().decode([SamplingStrategy].self, from: json) == [strategy])
  }

  @Test func `A plain number in a recipe is a count`() throws {
    #expect(try JSONDecoder().decode([SamplingStrategy].self, from: Data("[500]".utf8)) == [.count(500)])
  }

  @Test(arguments: [
    ("", "'' is no sampling strategy: it is empty; give "),
    ("most", "'most' is no sampling strategy: there is none of that name; give minority, majority,"),
    ("0", "'0' is no sampling strategy: a class needs at least one sample; give "),
    ("a=x", "'a=x' is no sampling strategy: 'a=x' is not CLASS=NUMBER with a number above 0; give "),
    ("a=1,", "'a=1,' is no sampling strategy: '' is not CLASS=NUMBER with a number above 0; give "),
    ("a=1,a=2", "'a=1,a=2' is no sampling strategy: class a is named twice; give "),
    (
      "9223372036854775807",
      "'9223372036854775807' is no sampling strategy: a class has at most 10000000 samples; give "
    ),
    ("a=10000001", "'a=10000001' is no sampling strategy: a class has at most 10000000 samples; give "),
  ]) func `A bad strategy is refused in words`(text: String, message: String) {
    let error = #expect(throws: BalanceError.self) { try SamplingStrategy(parsing: text) }
    #expect(error?.description.hasPrefix(message) == true)
  }

  @Test(arguments: [
    ("e=5", Rebalancer.Method.oversample, "there is no class 'e'; known are a, b, c, d"),
    ("d=5", .oversample, "class d has no training samples: there is nothing to copy"),
    (
      "a=5", .oversample,
      "class a has 10 samples: oversampling cannot bring it down to 5; undersample instead"
    ),
    ("b=5", .undersample, "class b has 2 samples: undersampling cannot bring it up to 5; oversample instead"),
    ("minority", .undersample, "the strategy 'minority' changes nothing when used to undersample"),
    ("majority", .oversample, "the strategy 'majority' changes nothing when used to oversample"),
  ]) func `What cannot be reached is refused in words`(text: String, method: Rebalancer.Method, message: String) throws
  {
    let strategy = try SamplingStrategy(parsing: text)
    let error = #expect(throws: BalanceError.self) { try strategy.targets(for: counts, method: method) }
    #expect(error?.description == message)
  }

  @Test(arguments: [
    ("all", [6, 6, 6, 0]), ("minority", [10, 6, 6, 0]), ("majority", [6, 2, 6, 0]), ("4", [4, 4, 4, 0]),
    ("not-majority", [10, 6, 6, 0]), ("a=3,b=5", [3, 5, 6, 0]), ("mean", [6, 6, 6, 0]),
  ]) func `Targets from both sides`(text: String, targets: [Int]) throws {
    #expect(try SamplingStrategy(parsing: text).targets(for: counts, method: .both) == targets)
  }

  @Test(arguments: [
    (0.5, Rebalancer.Method.oversample, [10, 5, 6, 0]), (0.5, .undersample, [4, 2, 4, 0]),
    (0.25, .both, [10, 3, 6, 0]),
    (1, .oversample, [10, 10, 10, 0]),
  ]) func `A ratio bounds the smallest by the largest`(ratio: Double, method: Rebalancer.Method, targets: [Int]) throws
  {
    #expect(try SamplingStrategy.ratio(ratio).targets(for: counts, method: method) == targets)
    #expect(Double(targets.filter { $0 > 0 }.min() ?? 0) / Double(targets.max() ?? 1) >= ratio)
  }

  @Test(arguments: [(0.07, 7), (0.55, 55), (0.29, 29), (0.071, 8)])
  func `A ratio of a hundred is as many as it says`(ratio: Double, smallest: Int) throws {
    let counts = [(label: "a", count: 100), (label: "b", count: 1)]
    #expect(try SamplingStrategy.ratio(ratio).targets(for: counts, method: .oversample) == [100, smallest])
  }

  @Test(arguments: Rebalancer.Method.allCases)
  func `A tiny ratio bounds nothing`(method: Rebalancer.Method) throws {
    let targets = try SamplingStrategy(parsing: "1.0e-300").targets(for: counts, method: method)
    #expect(targets == [10, 2, 6, 0])
  }

  @Test func `A ratio outside its range is refused`() {
    #expect(throws: BalanceError.self) { try SamplingStrategy(parsing: "1.5") }
    #expect(throws: BalanceError.self) { try SamplingStrategy(parsing: "0.0") }
  }
}
