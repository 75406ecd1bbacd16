import ArgumentParser
import Foundation
import Imaging
import Training

/// How copies differ from their parents; without any of these options, mildly in every way.
struct AugmentationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What to vary and how far: flip,rotate=10,jitter. 'fercure list augmentations' has all names.", valueName: "list")
  )
  var with: String?

  @Option(help: ArgumentHelp("A YAML list of augmentations with all their settings.", valueName: "file"))
  var pipeline: String?

  @Flag(help: "Mirror every second copy.")
  var flip = false

  @Option(help: ArgumentHelp("Turn by up to so many degrees.", valueName: "degrees"))
  var rotate: Double?

  @Option(help: ArgumentHelp("Enlarge or shrink by up to this share: 0.1.", valueName: "share"))
  var zoom: Double?

  @Option(help: ArgumentHelp("Move by up to this share of the size: 0.1.", valueName: "share"))
  var translate: Double?

  @Flag(help: "Change brightness and contrast a little.")
  var jitter = false

  @Option(help: ArgumentHelp("Add noise of a standard deviation of up to so many levels.", valueName: "levels"))
  var noise: Double?

  @Option(help: ArgumentHelp("Paint over a random rectangle with this probability.", valueName: "p"))
  var erase: Double?

  @Option(help: ArgumentHelp("Resize to a square of so many pixels.", valueName: "pixels"))
  var upsample: Int?

  func validate() throws {
    try check("rotate", rotate, in: 0...180)
    try check("zoom", zoom, in: 0...0.9)
    try check("translate", translate, in: 0...1)
    try check("noise", noise, in: 0...255)
    try check("erase", erase, in: 0...1)
    try check("upsample", upsample.map(Double.init), in: 1...4096)
    if [with != nil, pipeline != nil, !flags.isEmpty].count(where: { $0 }) > 1 {
      throw ValidationError("Say how copies are varied in one way: with --with, with --pipeline, or option by option.")
    }
    if let with {
      do {
        _ = try Compose(parsing: with)
      } catch {
        throw ValidationError("--with: \(error).")
      }
    }
  }

  private func check(_ name: String, _ value: Double?, in range: ClosedRange<Double>) throws {
    guard let value, !range.contains(value) else { return }
    func text(_ number: Double) -> String { number == number.rounded() ? String(Int(number)) : String(number) }
    throw ValidationError("--\(name) is a number from \(text(range.lowerBound)) to \(text(range.upperBound)).")
  }

  /// The list that the options describe, in the order in which a camera would have met the changes.
  var augmentation: Compose {
    get throws {
      if let with { return try Compose(parsing: with) }
      if let pipeline { return try PipelineFile.read(URL(fileURLWithPath: pipeline)) }
      return flags.isEmpty ? .standard : Compose(flags)
    }
  }

  private var flags: [any Augmentation] {
    var steps: [any Augmentation] = []
    if flip { steps.append(Flip()) }
    if let rotate { steps.append(Rotate(degreesRange: -rotate...rotate)) }
    if let zoom { steps.append(Zoom(factorRange: max(0.1, 1 - zoom)...(1 + zoom))) }
    if let translate { steps.append(Translate(fractionRange: -translate...translate)) }
    if let upsample { steps.append(Upsample(size: upsample)) }
    if jitter { steps.append(Jitter()) }
    if let noise { steps.append(Noise(sigmaRange: 0...noise)) }
    if let erase { steps.append(Erase(probability: erase)) }
    return steps
  }
}
