import Testing

@testable import Curation

@Suite struct HTMLTextTests {
  @Test func `Characters with a meaning in HTML lose it`() {
    #expect(HTMLText.escaped("<b a=\"x\" b='y'>&</b>") == "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;&lt;/b&gt;")
  }

  @Test func `A quote with a combining accent is still a quote`() {
    let escaped = HTMLText.escaped("x\"\u{301} onload=\"y")
    #expect(!escaped.unicodeScalars.contains("\""))
  }

  @Test func `Control characters are replaced, other scripts are kept`() {
    #expect(HTMLText.escaped("a\u{0}b\u{1B}c\td\n") == "a\u{FFFD}b\u{FFFD}c\td\n")
    #expect(HTMLText.escaped("Überraschung 驚き") == "Überraschung 驚き")
  }
}
