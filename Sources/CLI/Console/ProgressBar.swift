import Curation
import Foundation

/// Shows on stderr how far a long step has come, how fast it goes and how long it will take.
///
/// On a terminal it redraws one line, ten times a second at most; elsewhere it writes a line every ten seconds and one at
/// the end. Every update also looks for Ctrl-C. A class, because a step's closure and its command share the state.
final class ProgressBar {
  private let title: String
  private let unit: String
  private let isSilent: Bool
  private let isLive: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastShown: ContinuousClock.Instant
  private var done = 0
  private var total: Int?
  private var pace = Pace()
  private var hasDrawn = false

  /// Creates the bar of one step: `Ingesting faces.csv` counts `rows`.
  init(_ title: String, unit: String, console: Console) {
    self.title = title
    self.unit = unit
    isSilent = console.quiet
    isLive = Terminal.showsBars
    start = clock.now
    lastShown = start
  }

  /// The closure that library steps call.
  var progress: Curation.Progress { { done, total in try self.update(done, total) } }

  /// Notes how far the step has come; throws `CancellationError` after Ctrl-C.
  func update(_ done: Int, _ total: Int?) throws {
    try Interrupt.check()
    self.done = done
    self.total = total
    pace.note(done, seconds: seconds)
    let now = clock.now
    guard !isSilent, now - lastShown >= (isLive ? .milliseconds(100) : .seconds(10)) else { return }
    lastShown = now
    show()
  }

  /// Leaves the final count and the time it took on the screen.
  func finish() {
    guard !isSilent, done > 0 else { return }
    let line = Self.finalLine(title: title, unit: unit, done: done, seconds: seconds)
    Console.write((isLive ? "\r\u{1B}[K" : "") + line + "\n", to: .standardError)
    hasDrawn = false
  }

  /// Takes a half-drawn bar off the screen, before an error is written.
  func clear() {
    if hasDrawn { Console.write("\r\u{1B}[K", to: .standardError) }
    hasDrawn = false
  }

  private var seconds: Double { (clock.now - start) / .seconds(1) }

  private func show() {
    let line = Self.line(
      title: title, unit: unit, done: done, total: total, rate: pace.rate,
      width: isLive ? Terminal.width - 1 : nil)
    Console.write(isLive ? "\r" + line + "\u{1B}[K" : line + "\n", to: .standardError)
    hasDrawn = isLive
  }

  /// One state of the bar as text; without a width (no terminal) there is no bar, and nothing is cut.
  static func line(
    title: String, unit: String, done: Int, total: Int?, rate: Double?, width: Int?
  ) -> String {
    var parts: [String] = []
    if let total, total > 0 {
      let share = min(1, Double(done) / Double(total))
      if width != nil { parts.append(bar(share, width: 20)) }
      parts.append("\(Numbers.count(done)) of \(Numbers.count(total, singular(unit), unit))")
    } else {
      parts.append(Numbers.count(done, singular(unit), unit))
    }
    if let rate {
      parts.append(Numbers.rate(rate))
      if let total, rate > 0, done < total { parts.append(Numbers.duration(Double(total - done) / rate) + " left") }
    }
    let line = title + "  " + parts.joined(separator: "  ")
    return width.map { String(line.prefix($0)) } ?? line
  }

  /// What stays on the screen when the step is done.
  static func finalLine(title: String, unit: String, done: Int, seconds: Double) -> String {
    "\(title)  \(Numbers.count(done, singular(unit), unit))  \(Numbers.duration(seconds))"
  }

  private static func singular(_ unit: String) -> String {
    unit.hasSuffix("s") ? String(unit.dropLast()) : unit
  }

  private static func bar(_ share: Double, width: Int) -> String {
    let filled = Int((share * Double(width)).rounded(.down))
    return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
  }
}

/// How fast a step goes, counted from the first that is heard of it: what a resumed training had done before is no work of this run.
struct Pace {
  private var first: (done: Int, seconds: Double)?
  /// Units a second; none before two counts.
  private(set) var rate: Double?

  /// Notes that the step has come to `done` after `seconds`.
  mutating func note(_ done: Int, seconds: Double) {
    guard let first else {
      first = (done, seconds)
      return
    }
    guard done > first.done, seconds > first.seconds else { return }
    rate = Double(done - first.done) / (seconds - first.seconds)
  }
}

/// Runs a long step under a progress bar: finished when it succeeds, taken off the screen when it throws.
@discardableResult
func withProgress<Result>(
  _ title: String, unit: String = "samples", console: Console, _ body: (@escaping Curation.Progress) throws -> Result
) throws -> Result {
  let bar = ProgressBar(title, unit: unit, console: console)
  do {
    let result = try body(bar.progress)
    bar.finish()
    return result
  } catch {
    bar.clear()
    throw error
  }
}
