import Imaging

/// One decoding of all pictures, for all checks that look at pictures.
///
/// Every picture is decoded and measured once, however many samples have its pixels, on all cores.
struct PicturePass: Sendable {
  /// What a pass collects beside what it is asked.
  enum Want: Sendable {
    case statistics, signatures, faces, poses
  }

  /// The samples of the dataset in order of id.
  let samples: [Sample]
  /// The first sample of each picture, in order of id.
  let distinct: [Sample]
  /// The position in `distinct` of each sample's picture.
  private let places: [Int]
  /// The numbers about each of `distinct`; empty unless wanted.
  private(set) var statistics: [PictureStatistics] = []
  /// The signature of each of `distinct`, zeros for pictures of a single level; empty unless wanted.
  private(set) var signatures: [MovableSignature] = []
  /// The faces of `distinct`, small; empty unless wanted.
  private(set) var faces = FaceTable()
  /// The poses of the heads of `distinct`, beside the faces; nil for pictures of a single level, all nil unless wanted and where
  /// there are too few to tell.
  private(set) var poses: [HeadPose?] = []
  /// Whether each of `distinct` has a single level.
  private(set) var isBlank: [Bool] = []

  /// Decodes the pictures of a dataset.
  ///
  /// - Throws: whatever the source or `progress` throws.
  init(of source: some SampleSource, wants: Set<Want>, progress: Progress) throws {
    samples = try source.samples()
    var known: [String: Int] = [:]
    known.reserveCapacity(samples.count)
    var distinct: [Sample] = []
    places = samples.map { sample in
      if let place = known[sample.pixelHash] { return place }
      known[sample.pixelHash] = distinct.count
      distinct.append(sample)
      return distinct.count - 1
    }
    self.distinct = distinct
    guard !wants.isEmpty else { return }
    isBlank.reserveCapacity(distinct.count)
    if wants.contains(.statistics) { statistics.reserveCapacity(distinct.count) }
    if wants.contains(.signatures) { signatures.reserveCapacity(distinct.count) }
    if wants.contains(.faces) {
      faces.reserveCapacity(distinct.count)
      poses.reserveCapacity(distinct.count)
    }
    let poseModel = wants.contains(.poses) ? try Self.poseModel(of: distinct, in: source) : nil
    var batch: [Image] = []
    var bases: [ImageShape: SignatureBasis] = [:]
    try source.forEachImage(of: distinct) { _, image in
      batch.append(image)
      if batch.count == 512 { try take(&batch, wants, &bases, poseModel, progress) }
    }
    try take(&batch, wants, &bases, poseModel, progress)
  }

  /// What turned heads look like in this dataset, learnt from pictures evenly over it.
  private static func poseModel(of distinct: [Sample], in source: some SampleSource) throws -> HeadPoseModel? {
    guard distinct.count >= FaceSet.fewest else { return nil }
    return HeadPoseModel(learningFrom: try HeadPoseModel.examples(of: distinct, in: source))
  }

  private struct Measures: Sendable {
    var isBlank: Bool
    var statistics: PictureStatistics?
    var signature: MovableSignature?
    var face: [UInt8]?
    var pose: HeadPose?
  }

  private mutating func take(
    _ batch: inout [Image], _ wants: Set<Want>, _ bases: inout [ImageShape: SignatureBasis],
    _ poseModel: HeadPoseModel?, _ progress: Progress
  ) throws {
    let images = batch
    batch.removeAll(keepingCapacity: true)
    if wants.contains(.signatures) {
      // A dataset of pictures of any size would fill the memory with bases.
      if bases.count > 512 { bases.removeAll() }
      for image in images where bases[image.shape] == nil {
        bases[image.shape] = SignatureBasis(height: image.height, width: image.width)
      }
    }
    let known = bases
    let step = 32
    let measured = try concurrentMap((images.count + step - 1) / step, worthIt: images.count > step) { block in
      images[block * step..<min(images.count, (block + 1) * step)].map { image in
        let isBlank = PictureStatistics.isBlank(image)
        let gray = image.convertedToGray()
        return Measures(
          isBlank: isBlank, statistics: wants.contains(.statistics) ? PictureStatistics(of: gray) : nil,
          signature: isBlank ? nil : known[image.shape]?.signature(of: gray),
          face: wants.contains(.faces) ? FaceTable.face(of: gray) : nil, pose: isBlank ? nil : poseModel?(gray))
      }
    }
    for measures in measured.joined() {
      isBlank.append(measures.isBlank)
      if let statistics = measures.statistics { self.statistics.append(statistics) }
      if wants.contains(.signatures) { signatures.append(measures.signature ?? .zero) }
      if let face = measures.face {
        faces.append(face)
        poses.append(measures.pose)
      }
    }
    try progress(isBlank.count, distinct.count)
  }

  /// Calls `body` with every sample, in order of id, and the position of its picture in `distinct`.
  func forEachSample(_ body: (Sample, Int) throws -> Void) rethrows {
    for (sample, place) in zip(samples, places) { try body(sample, place) }
  }

  /// The findings of a check that judges every picture by itself, in order of id.
  func findings(of check: some PictureCheck, _ scores: [Double?]) -> [Finding] {
    findings(of: type(of: check).name, scores, threshold: check.threshold) { check.detail(of: statistics[$0]) }
  }

  /// The findings of a check that judges faces, in order of id.
  func findings(of check: some FaceCheck, _ judgement: FaceJudgement) -> [Finding] {
    findings(of: type(of: check).name, judgement.scores, threshold: judgement.threshold, detail: judgement.detail)
  }

  private func findings(
    of check: String, _ scores: [Double?], threshold: Double, detail: (Int) -> String
  ) -> [Finding] {
    var findings: [Finding] = []
    forEachSample { sample, place in
      guard let score = scores[place], score < threshold else { return }
      findings.append(
        Finding(check: check, sample: sample.id, score: max(0, min(1, score)), detail: detail(place)))
    }
    return findings
  }
}
