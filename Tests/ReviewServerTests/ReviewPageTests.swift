import Foundation
import Testing

/// The page in a real browser, by real key presses; `tools/review/drive.py` says what is done and held.
@Suite struct ReviewPageTests {
  static let browser = ["chromium", "chromium-browser", "google-chrome"].first { Programs.path(of: $0) != nil }
  static let python = Programs.path(of: "python3")

  @Test(
    .enabled(if: browser != nil && python != nil, "no chromium or no python3 here: the page is not driven"),
    .timeLimit(.minutes(5)))
  func `What the screen said is what the file holds`() throws {
    let python = try #require(Self.python)
    let (status, text) = try Programs.run(
      python,
      [Programs.file("tools/review/drive.py").path, "--fercure", try Self.executable(), "--decisions", "200"])
    #expect(status == 0, "\(text)")
    // The server's last words on stderr may stand around the document.
    let start = try #require(text.firstIndex(of: "{"), "\(text)")
    let end = try #require(text.lastIndex(of: "}"))
    let document = try JSONSerialization.jsonObject(with: Data(text[start...end].utf8))
    let result = try #require(document as? [String: Any])
    #expect(result["decided"] as? Int ?? 0 >= 190)
  }

  /// The built executable: it lies beside the bundle of the tests.
  private static func executable() throws -> String {
    let bundles = Bundle.allBundles.filter { $0.bundlePath.hasSuffix(".xctest") }.map(\.bundleURL)
    let places =
      bundles.map { $0.deletingLastPathComponent() }
      + [Bundle.main.bundleURL, URL(fileURLWithPath: CommandLine.arguments.first ?? "").deletingLastPathComponent()]
    return try #require(
      places.map { $0.appending(path: "fercure").path }.first { FileManager.default.isExecutableFile(atPath: $0) })
  }
}
