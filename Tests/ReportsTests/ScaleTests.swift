import Testing

@testable import Reports

@Suite struct ScaleTests {
  @Test func `The ends of the domain are drawn at the ends`() {
    let scale = Scale(0...10, from: 100, to: 0)
    #expect(scale(0) == 100)
    #expect(scale(10) == 0)
    #expect(scale(2.5) == 75)
  }

  @Test func `Ticks are round numbers inside the domain`() {
    #expect(Scale(0...1, from: 0, to: 1).ticks(5).map { ($0 * 10).rounded() } == [0, 2, 4, 6, 8, 10])
    #expect(Scale(0...7215, from: 0, to: 1).ticks(5) == [0, 1000, 2000, 3000, 4000, 5000, 6000, 7000])
  }

  @Test func `A domain begins and ends with round numbers`() throws {
    let domain = try #require(Scale.niceDomain(of: [0.63, 1.92], ticks: 5))
    #expect(abs(domain.lowerBound - 0.6) < 1e-12 && domain.upperBound == 2)
    #expect(Scale.niceDomain(of: [.nan, .infinity]) == nil)
  }

  @Test(arguments: [0.0, 1, -3, 1e-12, 5e8])
  func `A single value still has a scale`(_ value: Double) throws {
    let domain = try #require(Scale.niceDomain(of: [value]))
    let scale = Scale(domain, from: 0, to: 100)
    #expect(scale(value).isFinite)
    #expect(scale.ticks().count < 20)
    #expect(Scale(value...value, from: 0, to: 1)(value).isFinite)
  }

  @Test func `Numbers of an axis have the decimals that tell them apart`() {
    #expect(ChartNumber.decimal(3).axisTexts([0, 0.05, 0.1]) == ["0.00", "0.05", "0.10"])
    #expect(ChartNumber.percent.axisTexts([0.5, 0.6, 0.7]) == ["50%", "60%", "70%"])
    #expect(ChartNumber.percent.axisTexts([0.5, 0.505]) == ["50.0%", "50.5%"])
  }
}
