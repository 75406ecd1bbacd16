import Explain

/// What an explanation prints.
struct ExplainReport: Encodable {
  var folder: String
  var files: Int
  var seconds: Double
  var layer: String?
  var methods: [String]
  var methodSeconds: [String: Double]
  var faces: [Face]
  var meanMaps: [MeanMap]
  var faithfulness: [Scores]
  var randomisation: Randomisation?

  /// A face.
  struct Face: Encodable {
    var key: String
    var label: String
    var reason: String
    var predicted: String
    var confidence: Double
    var question: String
    var measures: [String: [String: Double]]
  }

  /// A mean map's regions.
  struct MeanMap: Encodable {
    var label: String
    var method: String
    var faces: Int
    var regions: [FaceRegions.Share]
  }

  /// A method's faithfulness.
  struct Scores: Encodable {
    var method: String
    var scores: Faithfulness.Scores
  }

  /// What is left of the maps.
  struct Randomisation: Encodable {
    var steps: [String]
    var results: [RandomisationCheck.Result]
  }

  init(_ gallery: Gallery, folder: String, files: Int, seconds: Double) {
    self.folder = folder
    self.files = files
    self.seconds = seconds
    layer = gallery.layer
    methods = gallery.methods.map(\.name)
    methodSeconds = gallery.methodSeconds
    faces = gallery.faces.map { face in
      Face(
        key: face.key, label: face.label, reason: face.reason, predicted: face.predicted, confidence: face.confidence,
        question: face.question,
        measures: Dictionary(
          uniqueKeysWithValues: zip(gallery.methods, face.explanations).map { ($0.name, $1.measures) }
        ).filter { !$0.value.isEmpty })
    }
    meanMaps = gallery.meanMaps.map {
      MeanMap(label: $0.label, method: $0.method, faces: $0.count, regions: $0.shares)
    }
    faithfulness = gallery.faithfulness.map { Scores(method: $0.method, scores: $0.scores) }
    if !gallery.randomisation.isEmpty {
      randomisation = Randomisation(steps: gallery.randomised, results: gallery.randomisation)
    }
  }

  var text: String {
    var parts: [String] = []
    var table = TextTable(header: ["sample", "label", "why", "seen as", "asked"])
    table.rows = faces.map {
      [$0.key, $0.label, $0.reason, "\($0.predicted) \(Numbers.percent($0.confidence))", $0.question]
    }
    if !faces.isEmpty { parts.append(table.text) }
    if let first = meanMaps.first {
      var regions = TextTable(header: ["mean map", "method"] + first.regions.map(\.region))
      regions.rows = meanMaps.map { mean in
        [mean.label, mean.method] + mean.regions.map { Numbers.decimal($0.density, places: 2) }
      }
      parts.append(regions.text)
    }
    if !faithfulness.isEmpty {
      var scores = TextTable(header: ["faithfulness", "deletion", "insertion", "ROAD"])
      scores.rows = faithfulness.map { row in
        [row.method]
          + [row.scores.deletion, row.scores.insertion, row.scores.road].map { Numbers.decimal($0, places: 3) }
      }
      parts.append(scores.text)
    }
    if let randomisation {
      var left = TextTable(header: ["randomised up to"] + randomisation.steps)
      left.rows = randomisation.results.map { row in
        [row.method] + row.correlations.map { Numbers.decimal($0, places: 2) }
      }
      parts.append(left.text)
    }
    parts.append("\(folder)/index.html  \(Numbers.count(files, "file"))  \(Numbers.duration(seconds))")
    return parts.joined(separator: "\n\n")
  }
}
