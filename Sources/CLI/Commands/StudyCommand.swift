import ArgumentParser

/// `fercure study`: answers one open question by trying, on this dataset.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study", abstract: "Tries the values of one thing, plots what they do, and recommends one.",
    subcommands: [
      RotationStudyCommand.self, UpsampleStudyCommand.self, PoseStudyCommand.self, RelabelStudyCommand.self,
      NoiseStudyCommand.self, DownstreamStudyCommand.self,
    ])
}
