import ArgumentParser
import Curation
import Dispatch
import Foundation
import Imaging
import Randomness

/// What a benchmark of data measured.
struct DataBenchmarkResult: Encodable {
  var what: String
  var items: Int
  var imagesPerSecond: Double
  var medianSeconds: Double
  var minimumSeconds: Double
  var rounds: Int
  var threads: Int
  var peakMemoryBytes: Int

  /// Times `body`, which handles `items` pictures, a few times over.
  init(_ what: String, items: Int, rounds: Int, threads: Int, _ body: () throws -> Void) rethrows {
    let clock = ContinuousClock()
    var seconds: [Double] = []
    for _ in 0..<rounds {
      let time = try clock.measure(body)
      seconds.append(Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18)
    }
    seconds.sort()
    self.what = what
    self.items = items
    self.rounds = rounds
    self.threads = threads
    medianSeconds = seconds[seconds.count / 2]
    minimumSeconds = seconds[0]
    imagesPerSecond = Double(items) / medianSeconds
    peakMemoryBytes = EngineBenchmark.peakMemory()
  }

  var text: String {
    "\(what): \(Numbers.decimal(imagesPerSecond, places: 0)) images/s (median of \(rounds): "
      + "\(Numbers.decimal(medianSeconds, places: 3)) s for \(Numbers.count(items)), \(Numbers.count(threads, "thread")), "
      + "\(peakMemoryBytes >> 20) MiB)"
  }
}

/// `fercure benchmark augment`: operations drawn and applied.
struct AugmentBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "augment", abstract: "Times the augmentation of gray pictures, drawing included.")

  @Option(help: "Rows and columns of the pictures.")
  var size = 48

  @Option(help: "Pictures in a round.")
  var count = 4000

  @Option(help: "Rounds; the median counts.")
  var rounds = 5

  @Flag(help: "Use all cores in place of one thread.")
  var allThreads = false

  @OptionGroup(title: "What is varied") var augmentation: AugmentationOptions
  @OptionGroup var seed: SeedOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if size < 1 || count < 1 || rounds < 1 { throw ValidationError("--size, --count and --rounds are at least 1.") }
  }

  func run() throws {
    let pipeline = try augmentation.augmentation
    var generator = SeededGenerator(seed: seed.seed, "benchmark-augment")
    let pictures = (0..<min(count, 256)).map { _ in
      let levels = (0..<144).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      return Image(height: 12, width: 12, pixels: levels).resized(height: size, width: size, filter: .bicubic)
    }
    let seed = seed.seed
    let work: @Sendable (Int) throws -> Int = { index in
      var generator = SeededGenerator(seed: seed &+ UInt64(index))
      let picture = pictures[index % pictures.count]
      return try pipeline.operations(for: picture.shape, using: &generator).applied(to: picture).pixels.count
    }
    _ = try (0..<min(count, 200)).map(work)
    let blocks = 64
    let threads = allThreads ? ProcessInfo.processInfo.activeProcessorCount : 1
    let result = try DataBenchmarkResult("augment", items: count, rounds: rounds, threads: threads) {
      if allThreads {
        DispatchQueue.concurrentPerform(iterations: blocks) { block in
          for index in stride(from: block, to: count, by: blocks) { _ = try? work(index) }
        }
      } else {
        for index in 0..<count { _ = try work(index) }
      }
    }
    try common.print(result, text: result.text)
  }
}

/// How often a benchmark times.
struct RoundsOption: ParsableArguments {
  @Option(help: "Rounds; the median counts.")
  var rounds = 3

  func validate() throws {
    if rounds < 1 { throw ValidationError("--rounds is at least 1.") }
  }
}

/// `fercure benchmark decode`: picture files of a folder, read and decoded.
struct DecodeBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode", abstract: "Times reading and decoding the PNG, JPEG and PNM files of a folder.")

  @Argument(help: "The folder.", completion: .directory)
  var folder: String

  @OptionGroup var rounds: RoundsOption

  @Flag(help: "Use all cores in place of one thread.")
  var allThreads = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
      ["png", "jpg", "jpeg", "pgm", "ppm"].contains { name.lowercased().hasSuffix("." + $0) }
    }
    let paths = names.sorted().map { folder + "/" + $0 }
    if paths.isEmpty { throw ValidationError("There are no pictures in \(folder).") }
    let work: @Sendable (Int) throws -> Void = { index in
      let bytes = try Data(contentsOf: URL(fileURLWithPath: paths[index]))
      _ = try bytes.withUnsafeBytes { try ImageCodecs.decode($0) }
    }
    let threads = allThreads ? ProcessInfo.processInfo.activeProcessorCount : 1
    let blocks = 64
    let result = try DataBenchmarkResult("decode", items: paths.count, rounds: rounds.rounds, threads: threads) {
      if allThreads {
        DispatchQueue.concurrentPerform(iterations: blocks) { block in
          for index in stride(from: block, to: paths.count, by: blocks) { try? work(index) }
        }
      } else {
        for index in paths.indices { try work(index) }
      }
    }
    try common.print(result, text: result.text)
  }
}

/// `fercure benchmark ingest`: a source into a dataset that is thrown away.
struct IngestBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest", abstract: "Times the ingest of a source into a new dataset.")

  @Argument(help: "A file or folder as 'fercure ingest' takes it.", completion: .file())
  var source: String

  @OptionGroup var rounds: RoundsOption

  @OptionGroup var common: CommonOptions

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fercure-benchmark-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var added = 0
    var round = 0
    var result = try DataBenchmarkResult("ingest", items: 1, rounds: rounds.rounds, threads: 2) {
      round += 1
      let store = try DatasetStore.create(at: folder.appending(path: "\(round).fercure").path)
      added = try Ingest.run(sources: [source], into: store).added
      try store.close()
    }
    result.items = added
    result.imagesPerSecond = Double(added) / result.medianSeconds
    try common.print(result, text: result.text)
  }
}

/// `fercure benchmark check`: checks of a dataset, nothing stored.
struct CheckBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Times checks on a dataset; findings are not stored.")

  @OptionGroup var dataset: DatasetArgument

  @Option(help: ArgumentHelp("Run these checks, separated by commas.", valueName: "names"))
  var only: String?

  @OptionGroup var rounds: RoundsOption

  @OptionGroup var common: CommonOptions

  func run() throws {
    let store = try dataset.open()
    let names = only.map { $0.split(separator: ",").map(String.init) } ?? Checks.standardNames
    let result = try DataBenchmarkResult(
      "check", items: try store.samples().count, rounds: rounds.rounds,
      threads: ProcessInfo.processInfo.activeProcessorCount
    ) {
      _ = try Checks.run(names, on: store)
    }
    try common.print(result, text: result.text)
  }
}
