import ArgumentParser
import Curation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The command line of fercure.
@main
struct Fercure: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fercure",
    abstract: "Cleans, audits, rebalances and trains on facial-expression datasets.",
    discussion: """
      A dataset is one file, NAME.fercure. Results go to stdout, progress and remarks to stderr. Exit codes: 0 done, \
      1 the data or the request is at fault, 2 finished but inputs were rejected and --strict was given, 64 wrong usage.
      """,
    version: ToolVersion.current,
    subcommands: [
      CurateCommand.self, IngestCommand.self, InfoCommand.self, CheckCommand.self, AuditCommand.self,
      SuggestionsCommand.self, ScoresCommand.self, ReviewCommand.self, BlameCommand.self, ResolveCommand.self,
      RebalanceCommand.self, AugmentCommand.self, ExportCommand.self, ReportCommand.self, TrainCommand.self,
      EvaluateCommand.self, PredictCommand.self, ExplainCommand.self, BenchmarkCommand.self, SamplesCommand.self,
      StudyCommand.self, ListCommand.self, DiffCommand.self, SplitCommand.self, MergeCommand.self,
      FilterCommand.self, VotesCommand.self,
    ])

  /// Parses the arguments, runs the command, and turns its outcome into one of the exit codes.
  static func main() async {
    var command: any ParsableCommand
    do {
      command = try parseAsRoot()
    } catch {
      exit(withError: error)
    }
    Interrupt.install()
    do {
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      end(with: error)
    }
  }

  /// Ends the program: one `error:` line for what went wrong, unless the error is an exit code of its own.
  private static func end(with error: any Error) -> Never {
    switch error {
    // After Ctrl-C any error counts as the stop: what was stopped in the middle may look broken.
    case _ where Interrupt.isRequested || error is CancellationError:
      Console().error("stopped: what was finished stays, and the same command goes on from there")
      exit(code: Interrupt.exitCode)
    case let outcome as Outcome:
      exit(code: outcome.rawValue)
    case _ where exitCode(for: error) != .failure:
      // ArgumentParser's own: help that was asked for, usage that was wrong, an exit code.
      exit(withError: error)
    default:
      Console().error(ErrorText.of(error))
      exit(code: 1)
    }
  }

  private static func exit(code: Int32) -> Never {
    #if canImport(Glibc)
      Glibc.exit(code)
    #else
      Darwin.exit(code)
    #endif
  }
}
