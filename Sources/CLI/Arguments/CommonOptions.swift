import ArgumentParser

/// What every command understands.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print one machine-readable document instead of text.")
  var json = false

  @Flag(help: "Show no progress and no remarks, only results, warnings and errors.")
  var quiet = false

  /// Where the command writes.
  var console: Console { Console(quiet: quiet) }

  /// Prints a result as JSON or as text, whichever was asked for.
  func print(_ value: some Encodable, text: @autoclosure () -> String) throws {
    guard !json else { return try console.json(value) }
    // An empty list has no line.
    let text = text()
    if !text.isEmpty { console.result(text) }
  }
}

/// The seed of a command that draws random numbers.
struct SeedOptions: ParsableArguments {
  @Option(help: "Where chance starts: the same seed gives the same result.")
  var seed: UInt64 = 7
}
