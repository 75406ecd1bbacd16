import Testing

@testable import Reports

@Suite struct EscapingTests {
  @Test func `Characters with a meaning in HTML lose it`() {
    #expect(Escaping.html("<b a=\"x\" b='y'>&</b>") == "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;&lt;/b&gt;")
  }

  @Test func `A quote with a combining accent is still a quote`() {
    let escaped = Escaping.html("x\"\u{301} onload=\"y")
    #expect(!escaped.unicodeScalars.contains("\""))
  }

  @Test func `Control characters are replaced, other scripts are kept`() {
    #expect(Escaping.html("a\u{0}b\u{1B}c\td\n") == "a\u{FFFD}b\u{FFFD}c\td\n")
    #expect(Escaping.html("Überraschung 驚き") == "Überraschung 驚き")
  }
}
