import Curation
import Foundation
import Imaging
import NeuralNet
import Randomness
import Testing
import Training

@testable import Auditing

/// Recording as a whole, on small pictures whose class can be seen.
@Suite(.serialized) struct EvidenceRecorderTests {
  /// Bright squares in one of three places; every ninth label is wrong.
  struct Squares: SampleSource {
    let count: Int

    func classes() throws -> [String] { ["left", "middle", "right"] }

    func samples() throws -> [Sample] {
      (0..<count).map { index in
        let shown = index % 9 == 4 ? (index + 1) % 3 : index % 3
        return Sample(
          id: Int64(index + 1), key: "\(index)", split: index % 10 == 9 ? .test : .train,
          label: ["left", "middle", "right"][shown], width: 24, height: 24, channels: 1, encoding: .gray8,
          pixelHash: "\(index)", source: 1)
      }
    }

    func forEachImage(of samples: [Sample], _ body: (Sample, Image) throws -> Void) throws {
      for sample in samples {
        let index = Int(sample.id) - 1
        var image = Image(height: 24, width: 24, filledWith: 60)
        for i in image.pixels.indices { image.pixels[i] = UInt8(40 + (i &* 2_654_435_761 &+ index &* 97) % 40) }
        let centre = 5 + 7 * (index % 3)
        for y in 9..<15 { for x in centre - 3..<centre + 3 { image[y, x] = 200 } }
        try body(sample, image)
      }
    }
  }

  private var recipe: AuditRecipe {
    var recipe = AuditRecipe()
    recipe.folds = 2
    (recipe.averagedEpochs, recipe.fewestSteps) = (2, 0)
    recipe.neighbours = 5
    recipe.train.model = "resnet10-mini"
    recipe.train.size = 24
    recipe.train.epochs = 4
    recipe.train.batchSize = 16
    recipe.train.learningRate = 0.02
    recipe.train.precision = .float32
    recipe.train.augment = Compose([Translate(fractionRange: -0.05...0.05)])
    return recipe
  }

  private func work() -> URL {
    FileManager.default.temporaryDirectory.appending(path: "fercure-evidence-\(UUID().uuidString)")
  }

  private func record(_ folder: URL, votes: [Int64: Votes] = [:], observe: (AuditEvent) throws -> Void = { _ in })
    throws -> Evidence
  {
    try EvidenceRecorder(recipe: recipe, seed: 5, work: folder)
      .record(Squares(count: 180), votes: votes, observe: observe).evidence
  }

  @Test func `everything is recorded for every sample, each from networks that may say it`() throws {
    let folder = work()
    defer { try? FileManager.default.removeItem(at: folder) }
    let evidence = try record(folder)
    #expect(evidence.count == 180)
    for index in 0..<evidence.count {
      #expect(abs(evidence.probabilities(of: index).reduce(0, +) - 1) < 1e-6)
      #expect((0...1).contains(evidence.importance[index]))
      #expect(abs((0..<3).reduce(0.0) { $0 + evidence.neighbours[index * 3 + $1] } - 1) < 1e-6)
    }
    let dynamics = try #require(evidence.dynamics)
    let injected = Set(evidence.injections.map(\.index))
    #expect(!injected.isEmpty && injected.count < 20)
    for index in 0..<evidence.count {
      // Of the network of all samples, or where that was told a wrong label, of the one fold that learned the right one.
      #expect(dynamics.networks[index] <= (evidence.isTraining(index) ? 1 : 0), "\(index)")
      #expect((evidence.heldOutBy[index] == nil) == !evidence.isTraining(index))
      // SCN's importance is of the one fold that learned from it.
      #expect(dynamics.selfCureNetworks[index] <= (evidence.isTraining(index) ? 1 : 0), "\(index)")
      let importance = dynamics.importance[index]
      #expect(dynamics.selfCureNetworks[index] == 1 ? importance > 0 && importance < 1 : importance == 0, "\(index)")
    }
    #expect(dynamics.networks.reduce(0, +) > 140)
    #expect(dynamics.selfCureNetworks.reduce(0, +) > 120)
    #expect(injected.contains { dynamics.networks[$0] == 1 })
    for injection in evidence.injections {
      #expect(injection.label != evidence.labels[injection.index])
      #expect(injection.dynamics.networks == [1])
    }
    #expect(evidence.features.count.isMultiple(of: evidence.count) && evidence.features.contains { $0 != 0 })
  }

  /// In the last epoch of the network of all samples, and in the third of the second fold.
  @Test(arguments: [(at: 4, left: 9), (at: 11, left: 2)])
  func `a killed recording goes on, and what it ends with is the same to the last bit`(
    stopped: (at: Int, left: Int)
  ) throws {
    let (whole, parts) = (work(), work())
    defer { for folder in [whole, parts] { try? FileManager.default.removeItem(at: folder) } }
    let wanted = try record(whole)
    var epochs = 0
    #expect(throws: CancellationError.self) {
      _ = try record(parts) { event in
        guard case .epoch = event else { return }
        epochs += 1
        if epochs == stopped.at { throw CancellationError() }
      }
    }
    var later = 0
    let resumed = try record(parts) { event in if case .epoch = event { later += 1 } }
    #expect(later == stopped.left, "the epoch that was stopped was not kept")
    #expect(resumed.probabilities == wanted.probabilities)
    #expect(resumed.dynamics?.margin == wanted.dynamics?.margin)
    #expect(resumed.dynamics?.probabilities == wanted.dynamics?.probabilities)
    #expect(resumed.dynamics?.courseProbabilities == wanted.dynamics?.courseProbabilities)
    #expect(resumed.neighbours == wanted.neighbours)
    #expect(try record(parts).probabilities == wanted.probabilities)
  }

  /// What a network said after the last two epochs, of pictures and their mirror images.
  private func mean(_ files: NetworkFiles, _ url: (Int) -> URL, row: Int) throws -> [Double] {
    var result = [0.0, 0, 0]
    let views = try [3, 4].flatMap { epoch in
      let pass = try files.readPass(url(epoch))
      return pass.flipped.isEmpty ? [pass.logits] : [pass.logits, pass.flipped]
    }
    for logits in views {
      let powers = (0..<3).map { exponential(Double(logits[row * 3 + $0])) }
      for k in 0..<3 { result[k] += powers[k] / powers.reduce(0, +) / Double(views.count) }
    }
    return result
  }

  @Test func `held-out probabilities are of the fold's network, those of learned samples of the network of all`() throws
  {
    let folder = work()
    defer { try? FileManager.default.removeItem(at: folder) }
    let evidence = try record(folder)
    let training = evidence.labels.indices.filter(evidence.isTraining)
    let whole = NetworkFiles(folder: folder, part: .whole)
    let injected = Set(evidence.injections.map(\.index))
    for (row, index) in training.enumerated() {
      let fold = try #require(evidence.heldOutBy[index])
      let judge = NetworkFiles(folder: folder, part: .without(fold: fold))
      let held = evidence.labels.indices.filter { evidence.heldOutBy[$0].map { $0 == fold } ?? true }
      let said = try mean(judge, judge.judged, row: try #require(held.firstIndex(of: index)))
      #expect(largestDifference(Array(evidence.probabilities(of: index)), said) < 1e-6)
      guard !injected.contains(index), let dynamics = evidence.dynamics, dynamics.networks[index] == 1 else { continue }
      let learned = try mean(whole, whole.members, row: row)
      #expect(largestDifference(Array(dynamics.probabilities[(index * 3)..<(index * 3 + 3)]), learned) < 1e-6)
    }
    // No network saw the test samples: all folds say what they are.
    for index in evidence.labels.indices where !evidence.isTraining(index) {
      let said = try (0..<2).map { fold in
        let judge = NetworkFiles(folder: folder, part: .without(fold: fold))
        let held = evidence.labels.indices.filter { evidence.heldOutBy[$0].map { $0 == fold } ?? true }
        return try mean(judge, judge.judged, row: try #require(held.firstIndex(of: index)))
      }
      let wanted = zip(said[0], said[1]).map { ($0 + $1) / 2 }
      #expect(largestDifference(Array(evidence.probabilities(of: index)), wanted) < 1e-6)
    }
  }

  @Test func `a fold's network is the small one, for no more epochs than the large one has`() {
    var recipe = AuditRecipe()
    recipe.train.epochs = 30
    (recipe.foldModel, recipe.foldEpochs) = ("vgg-mini", 12)
    let networks = AuditNetwork.all(of: recipe, taughtByVotes: false)
    #expect(networks.map(\.training.model) == ["resnet18-half", "vgg-mini", "vgg-mini", "vgg-mini"])
    #expect(networks.map(\.training.epochs) == [30, 12, 12, 12])
    #expect(networks.allSatisfy { $0.training.earlyLearning == recipe.train.earlyLearning })
    // Where votes teach networks, only those that did not see them may judge: the folds have the large one.
    let taught = AuditNetwork.all(of: recipe, taughtByVotes: true)
    #expect(taught.map(\.part) == (0..<3).map { .without(fold: $0) })
    #expect(taught.allSatisfy { $0.training.model == "resnet18-half" && $0.training.epochs == 12 })
    recipe.train.steps = 300
    #expect(recipe.foldTraining(model: "vgg-mini").steps == 120)
    recipe.train.epochs = 5
    #expect(recipe.foldTraining(model: "vgg-mini").epochs == 5)
  }

  @Test func `on few samples all networks get more epochs, so that the judging ones learn for enough steps`() {
    var recipe = AuditRecipe()
    recipe.fewestSteps = 3000
    // 25 steps an epoch: 120 epochs in place of 32 are 3.75 times as many.
    var longer = recipe.lengthened(training: 1600, taughtByVotes: false)
    #expect(longer.train.epochs == 120 && longer.foldEpochs == 120 && longer.selfCure.relabelFrom == 41)
    #expect(longer.train.model == "resnet10-mini" && longer.smallModel == "none")
    #expect(longer.train.dropout == 0.4 && longer.lengthened(training: 1600, taughtByVotes: false).train.dropout == 0.4)
    #expect(recipe.lengthened(training: 28_709, taughtByVotes: false).train.dropout == 0.2)
    let again = longer.lengthened(training: 1600, taughtByVotes: false)
    #expect(longer.train.earlyLearningRampUp == 0.2 && again.train.earlyLearningRampUp == 0.2)
    #expect(recipe.lengthened(training: 28_709, taughtByVotes: false).train.earlyLearningRampUp == 0)
    // Where votes teach, networks of two thirds of the samples judge, for 18 epochs of 16 steps.
    longer = recipe.lengthened(training: 1600, taughtByVotes: true)
    #expect(longer.train.model == "resnet18-half" && longer.selfCure.relabelFrom == 64)
    #expect(longer.train.dropout == recipe.train.dropout, "only measured without votes that teach")
    #expect(longer.foldEpochs == 188 && longer.train.epochs == 334)
    #expect(longer.fewestSteps == 0, "what is long enough is made no longer a second time")
    #expect(longer.lengthened(training: 10, taughtByVotes: true).train.epochs == 334)
    // 70 steps an epoch: more faces than a larger network learns by heart, and 43 epochs in place of 32.
    let middling = recipe.lengthened(training: 4500, taughtByVotes: false)
    #expect(middling.train.model == "resnet18-half" && middling.train.epochs == 43 && middling.foldEpochs == 25)
    #expect(middling.train.dropout == recipe.train.dropout)
    let large = recipe.lengthened(training: 28_709, taughtByVotes: false)
    #expect(large.train.epochs == 32 && large.foldEpochs == 18 && large.selfCure.relabelFrom == 7)
    #expect(large.train.model == "resnet18-half", "enough faces for a larger network")
    recipe.smallModel = "none"
    #expect(recipe.lengthened(training: 1600, taughtByVotes: false).train.model == "resnet18-half", "asked for by name")
    #expect(recipe.lengthened(training: 1600, taughtByVotes: false).train.dropout == 0.4, "whatever the network")
    recipe.train.warmupEpochs = 2
    #expect(recipe.lengthened(training: 1600, taughtByVotes: false).train.stepEpochs == [68, 105])
    #expect(recipe.lengthened(training: 1600, taughtByVotes: false).train.warmupEpochs == 7.5)
    #expect(recipe.lengthened(training: 64, taughtByVotes: false).train.epochs == 640, "each epoch is recorded")
    recipe.train.steps = 100
    #expect(recipe.length(training: 1600, taughtByVotes: false).steps == 100)
    #expect(recipe.lengthened(training: 1600, taughtByVotes: false).train.epochs == 32, "steps were asked for")
  }

  @Test func `a recorder lengthens what small datasets need, once`() throws {
    var recipe = recipe
    recipe.train.epochs = 2
    // Nine tenths of 60 pictures are 3 steps an epoch: 5 epochs of them are 15.
    recipe.fewestSteps = 14
    let folder = work()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (_, histories) = try EvidenceRecorder(recipe: recipe, seed: 5, work: folder)
      .record(Squares(count: 60), votes: [:]) { _ in }
    #expect(histories.map(\.count) == [5, 5, 5])
  }

  @Test func `votes of a tenth of the samples teach networks, fewer only the regression`() throws {
    let samples = try Squares(count: 1000).samples()
    let recipe = AuditRecipe()
    func known(_ count: Int) -> ShownVotes {
      let votes = Dictionary(
        uniqueKeysWithValues: samples.filter { $0.split == .train }.prefix(count).map {
          ($0.id, ["left": 7, "right": 2] as Votes)
        })
      return ShownVotes(votes, samples: samples, classes: ["left", "middle", "right"], recipe: recipe, seed: 1)
    }
    #expect(!known(89).teach && known(89).probes.count == 89)
    #expect(known(90).teach && known(90).shown.count == 90 && known(90).probes.isEmpty, "too few to spare any")
  }

  @Test func `with enough votes each sample is judged by the fold that saw neither it nor its votes`() throws {
    let folder = work()
    defer { try? FileManager.default.removeItem(at: folder) }
    let samples = try Squares(count: 180).samples()
    let voted = samples.filter { $0.split == .train }.prefix(60)
    let votes = Dictionary(uniqueKeysWithValues: voted.map { ($0.id, ["left": 9] as Votes) })
    let evidence = try record(folder, votes: votes)
    #expect(evidence.votes.count == 60 && evidence.probes.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: NetworkFiles(folder: folder, part: .whole).checkpoint.path))
    let dynamics = try #require(evidence.dynamics)
    let told = Set(evidence.injections.map(\.index))
    for index in 0..<evidence.count {
      #expect(abs(evidence.probabilities(of: index).reduce(0, +) - 1) < 1e-6)
      // Of two networks one learns from each training sample, unless that one was told a wrong label.
      #expect(dynamics.networks[index] <= (evidence.isTraining(index) && !told.contains(index) ? 1 : 0))
      #expect(evidence.features[(index * evidence.features.count / evidence.count)].isFinite)
    }
    #expect(told.isDisjoint(with: evidence.votes.keys), "who is shown votes is told no wrong label")
  }

  @Test func `every training sample is judged by one fold's network and learned by all other networks`() {
    let networks = AuditNetwork.all(of: AuditRecipe(), taughtByVotes: false)
    #expect(networks.map(\.number) == [0, 1, 2, 3])
    let parts = networks.map(\.part)
    #expect(Set(parts.map(\.fileName)).count == 4)
    for fold in 0..<3 {
      #expect(parts.filter { $0.judges(heldOutBy: fold) } == [.without(fold: fold)])
      #expect(parts.filter { !$0.learns(from: fold) } == [.without(fold: fold)])
    }
    #expect(
      parts.filter { $0.judges(heldOutBy: nil) } == Array(parts.dropFirst()), "what no network saw all folds judge")
  }

  @Test func `with votes networks learn how labels err`() throws {
    let counted = (0..<90).map { (label: $0 % 3 == 0 ? 1 : $0 % 3, truth: $0 % 3) }
    let transition = EvidenceRecorder.transition(counted, classes: 3)
    #expect(transition.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-6 })
    #expect(transition[0][1] > 0.9 && transition[1][1] > 0.95)
  }
}
