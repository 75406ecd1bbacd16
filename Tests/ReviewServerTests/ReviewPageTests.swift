import Foundation
import Testing

/// The page in a real browser, by real key presses; `tools/review/drive.py` says what is done and held.
@Suite struct ReviewPageTests {
  static let browser = ["chromium", "chromium-browser", "google-chrome"].first { path(of: $0) != nil }
  static let python = path(of: "python3")

  @Test(
    .enabled(if: browser != nil && python != nil, "no chromium or no python3 here: the page is not driven"),
    .timeLimit(.minutes(5)))
  func `What the screen said is what the file holds`() throws {
    let python = try #require(Self.python)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    process.arguments = [
      root.appending(path: "tools/review/drive.py").path, "--fercure", try Self.executable(), "--decisions", "200",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    // The server's last words on stderr may stand around the document.
    let start = try #require(text.firstIndex(of: "{"), "\(text)")
    let end = try #require(text.lastIndex(of: "}"))
    let document = try JSONSerialization.jsonObject(with: Data(text[start...end].utf8))
    let result = try #require(document as? [String: Any])
    #expect(result["decided"] as? Int ?? 0 >= 190)
  }

  private static func path(of program: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
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
