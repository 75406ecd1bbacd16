import Curation
import Imaging
import Synchronization
import TestSupport
import Testing

struct ChecksTests {
  private func source() -> ArraySource {
    var source = ArraySource()
    source.add(Image(height: 4, width: 4, filledWith: 9))
    source.add(Image(height: 4, width: 4, filledWith: 9), split: .test)
    source.add(Image(height: 4, width: 4, pixels: (0..<16).map { UInt8($0 * 16) }))
    return source
  }

  @Test func `Names are unique and can be listed`() {
    let names = Checks.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(Checks.all.allSatisfy { !$0.summary.isEmpty })
    #expect(Checks.standardNames.contains("near-duplicates"))
  }

  @Test func `Findings come check after check, each in order of id`() throws {
    let findings = try Checks.run(["blank", "leaks"], on: source())
    #expect(findings.map { "\($0.check) \($0.sample)" } == ["leaks 1", "leaks 2", "blank 1", "blank 2"])
  }

  @Test func `An unknown check is refused with the known ones`() {
    let error = #expect(throws: ChecksError.self) { try Checks.run(["blur"], on: source()) }
    #expect(error?.description.hasPrefix("there is no check 'blur'; known are exact-duplicates, conflicting-") == true)
  }

  @Test func `All checks of pictures share one pass, in which equal pictures are decoded once`() throws {
    let counting = CountingSource(base: source())
    _ = try Checks.run(on: counting)
    #expect(counting.decoded.withLock { $0 } == 2)
  }

  @Test func `Progress reaches the number of different pictures, and can stop the run`() throws {
    var last = 0
    _ = try Checks.run(on: source()) { done, _ in last = done }
    #expect(last == 2)
    #expect(throws: CancellationError.self) {
      try Checks.run(on: source()) { _, _ in throw CancellationError() }
    }
  }

  @Test func `Summaries count samples and groups, and list checks that found nothing`() throws {
    let findings = try Checks.run(on: source())
    let summaries = Checks.summaries(of: findings, names: ["exact-duplicates", "dark", "blank"])
    let exact = summaries.first { $0.check == "exact-duplicates" }
    #expect(exact?.samples == 2 && exact?.groups == 1 && exact?.worst == 0)
    #expect(summaries.first { $0.check == "dark" }?.samples == 0)
    #expect(
      summaries.map(\.check) == Checks.all.map { $0.name }.filter { name in summaries.contains { $0.check == name } })
  }

  @Test func `An empty dataset has no findings`() throws {
    #expect(try Checks.run(Checks.all.map { $0.name }, on: ArraySource()).isEmpty)
  }

  @Test func `Sizes far from the median are odd`() throws {
    var source = ArraySource()
    for value in 0..<5 { source.add(Image(height: 48, width: 48, filledWith: UInt8(value))) }
    source.add(Image(height: 48, width: 120, filledWith: 1))
    source.add(Image(height: 16, width: 16, filledWith: 1))
    source.add(Image(height: 64, width: 64, filledWith: 1))
    let findings = try OddSize().findings(in: source) { _, _ in }
    #expect(findings.map(\.sample) == [6, 7])
    #expect(findings[1].detail == "16 x 16 pixels where about 48 a side are usual")
  }
}

/// Counts how many pictures are decoded.
private final class CountingSource: SampleSource {
  let base: ArraySource
  let decoded = Mutex(0)

  init(base: ArraySource) { self.base = base }

  func classes() throws -> [String] { try base.classes() }
  func samples() throws -> [Sample] { try base.samples() }
  func forEachImage(of samples: [Sample], _ body: (Sample, Image) throws -> Void) throws {
    try base.forEachImage(of: samples) { sample, image in
      decoded.withLock { $0 += 1 }
      try body(sample, image)
    }
  }
}
