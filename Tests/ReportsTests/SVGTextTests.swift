import Testing

@testable import Reports

@Suite struct SVGTextTests {
  @Test func `Coordinates have at most two decimals and no useless noughts`() {
    #expect(SVGText.number(3) == "3")
    #expect(SVGText.number(3.14159) == "3.14")
    #expect(SVGText.number(-0.5) == "-0.5")
    #expect(SVGText.number(-0.001) == "0")
    #expect(SVGText.number(2.05) == "2.05")
    #expect(SVGText.number(-10.999) == "-11")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity, 1e300])
  func `A coordinate that cannot be drawn is nought`(_ value: Double) {
    #expect(SVGText.number(value) == "0")
  }

  @Test func `Long names are abbreviated to the width they have`() {
    let name = "a very long name of a class that nobody can read"
    let fitted = SVGText.fitted(name, width: 80, size: 12)
    #expect(fitted.hasSuffix("…"))
    #expect(SVGText.width(of: fitted, size: 12) <= 80)
    #expect(SVGText.fitted("sad", width: 80, size: 12) == "sad")
    #expect(SVGText.fitted("sad", width: 0, size: 12) == "…")
  }
}
