/// One decoding of all pictures, for all checks that look at pictures.
enum PicturePass {
  /// The findings of every check, check after check, each in order of id.
  static func findings(
    of checks: [any PictureCheck], in source: some SampleSource, progress: Progress
  ) throws -> [Finding] {
    guard !checks.isEmpty else { return [] }
    let samples = try source.samples()
    var findings = [[Finding]](repeating: [], count: checks.count)
    var done = 0
    try source.forEachImage(of: samples) { sample, image in
      let picture = PictureStatistics(of: image)
      for (index, check) in checks.enumerated() {
        if let finding = check.finding(about: sample, picture) { findings[index].append(finding) }
      }
      done += 1
      if done % 512 == 0 || done == samples.count { try progress(done, samples.count) }
    }
    return findings.flatMap { $0 }
  }
}
