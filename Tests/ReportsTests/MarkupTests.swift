import Testing

/// The helper of the other tests can fail.
@Test func `Unbalanced tags, broken drawings and non-numbers are noticed`() {
  #expect(Markup.imbalance(in: "<p><b>x</p></b>") == "</p> closes nothing")
  #expect(Markup.imbalance(in: "<div><p>x</p>") == "<div> is not closed")
  #expect(Markup.imbalance(in: "<!DOCTYPE html><div><img src=\"x\"><rect x=\"1\"/></div>") == nil)
  #expect(!Markup.isWellFormed("<svg><text></svg>"))
  #expect(Markup.isWellFormed("<svg><text>a</text></svg>"))
  #expect(Markup.holdsNoNumber("x=\"nan\"") && Markup.holdsNoNumber("-inf%"))
  #expect(!Markup.holdsNoNumber("information on finance, data:image/png;base64,inf/nan+inf="))
}
