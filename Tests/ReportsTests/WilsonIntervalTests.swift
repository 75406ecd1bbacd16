import Testing

@testable import Reports

@Suite struct WilsonIntervalTests {
  @Test func `Eight of ten lie between 49 and 94 percent`() throws {
    // The closed form, evaluated with 16 digits elsewhere.
    let interval = try #require(WilsonInterval(successes: 8, trials: 10))
    #expect(abs(interval.lower - 0.4901624715366418) < 1e-9)
    #expect(abs(interval.upper - 0.9433178485456247) < 1e-9)
    #expect(interval.share == 0.8)
  }

  @Test func `The interval never leaves the shares that can be`() throws {
    for trials in 1...40 {
      for successes in 0...trials {
        let interval = try #require(WilsonInterval(successes: successes, trials: trials))
        #expect(interval.lower >= 0 && interval.upper <= 1)
        #expect(interval.lower <= interval.share && interval.share <= interval.upper)
      }
    }
  }

  @Test func `Counts that cannot be have no interval`() {
    #expect(WilsonInterval(successes: 0, trials: 0) == nil)
    #expect(WilsonInterval(successes: 3, trials: 2) == nil)
    #expect(WilsonInterval(successes: -1, trials: 2) == nil)
  }
}
