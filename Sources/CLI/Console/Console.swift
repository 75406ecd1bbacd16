import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where a command writes: results to stdout, everything else to stderr.
///
/// Colours are used only on a terminal and without `NO_COLOR`; `--quiet` silences notes, tables of progress and bars, but
/// neither warnings nor errors.
struct Console: Sendable {
  /// True when only results, warnings and errors are wanted.
  var quiet = false

  /// Writes a result and a line end to stdout.
  func result(_ text: String) { Self.write(Terminal.printable(text) + "\n", to: .standardOutput) }

  /// Writes bytes to stdout as they are: a csv, a document.
  func raw(_ text: String) { Self.write(text, to: .standardOutput) }

  /// Writes a value to stdout as one JSON document.
  func json(_ value: some Encodable) throws { result(try JSONText.of(value)) }

  /// Writes a remark to stderr, unless the console is quiet.
  func note(_ text: String) {
    if !quiet { diagnose("note:", colour: .cyan, text) }
  }

  /// Writes a line without a prefix to stderr, unless the console is quiet.
  func status(_ text: String) {
    if !quiet { Self.write(Terminal.printable(text) + "\n", to: .standardError) }
  }

  /// Writes a warning to stderr.
  func warning(_ text: String) { diagnose("warning:", colour: .yellow, text) }

  /// Writes an error to stderr.
  func error(_ text: String) { diagnose("error:", colour: .red, text) }

  private func diagnose(_ prefix: String, colour: Terminal.Colour, _ text: String) {
    let painted = Terminal.coloursOnError ? colour.paint(prefix) : prefix
    Self.write("\(painted) \(Terminal.printable(text))\n", to: .standardError)
  }

  /// Writes text at once; a reader that went away ends the program by SIGPIPE, as it does for other tools.
  ///
  /// A result of which a part is missing, such as on a full disk, must not look like a whole one: it ends the program as an error.
  static func write(_ text: String, to handle: FileHandle) {
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      guard handle.fileDescriptor == STDOUT_FILENO else { return }
      Console().error("the result cannot be written to stdout: \(ErrorText.of(error))")
      exit(1)
    }
  }
}

/// What the streams of this process can show.
enum Terminal {
  /// The colours of prefixes.
  enum Colour: String {
    case red = "31"
    case yellow = "33"
    case cyan = "36"

    /// The text in bold and in this colour.
    func paint(_ text: String) -> String { "\u{1B}[1;\(rawValue)m\(text)\u{1B}[0m" }
  }

  /// True when stderr may be coloured.
  static let coloursOnError = isatty(STDERR_FILENO) == 1 && isColourful

  /// True when a bar may be redrawn in place: both streams end on a terminal that knows how to.
  static let showsBars = isatty(STDERR_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && isColourful

  private static var isColourful: Bool {
    let environment = ProcessInfo.processInfo.environment
    return (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// The text with its control characters spelt out: a name in a dataset must not command the terminal.
  static func printable(_ text: String) -> String {
    func commands(_ scalar: Unicode.Scalar) -> Bool {
      // By ranges: looking up the category of every character would be felt in long lists.
      (scalar.value < 0x20 || 0x7f...0x9f ~= scalar.value) && scalar != "\n" && scalar != "\t"
    }
    guard text.unicodeScalars.contains(where: commands) else { return text }
    return text.unicodeScalars.map { commands($0) ? $0.escaped(asASCII: true) : String($0) }.joined()
  }

  /// Columns of the terminal on stderr, 80 when unknown.
  static var width: Int {
    var size = winsize()
    let status = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}
