import ArgumentParser

/// The seeds of a study's runs: different whole numbers, parted by commas.
struct SeedList: ExpressibleByArgument {
  let seeds: [UInt64]

  init?(argument: String) {
    let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { UInt64($0) }
    let seeds = numbers.compactMap(\.self)
    guard !seeds.isEmpty, seeds.count == numbers.count, Set(seeds).count == seeds.count else { return nil }
    self.seeds = seeds
  }

  var defaultValueDescription: String { seeds.map(String.init).joined(separator: ",") }

  init(_ seeds: [UInt64]) { self.seeds = seeds }
}
