public import Imaging

/// Everything that was explained about a model, ready to be written as pictures, numbers and a page.
public struct Gallery: Sendable {
  /// A face with its maps.
  public struct Face: Sendable {
    /// Its stable name in the dataset.
    public var key: String
    /// Its label.
    public var label: String
    /// Why it was picked: `right`, `wrong`, `relabelled`, `asked for`.
    public var reason: String
    /// The class that the network gives it.
    public var predicted: String
    /// That class's probability.
    public var confidence: Double
    /// What was asked: `why happy?`, `why fear rather than sad?`.
    public var question: String
    /// The picture as the network gets it.
    public var picture: Image
    /// One a method, in the gallery's order.
    public var explanations: [Explanation]
    /// What every block makes of it.
    public var activations: Activations?

    /// Creates a face.
    public init(
      key: String, label: String, reason: String, predicted: String, confidence: Double, question: String,
      picture: Image, explanations: [Explanation], activations: Activations? = nil
    ) {
      self.key = key
      self.label = label
      self.reason = reason
      self.predicted = predicted
      self.confidence = confidence
      self.question = question
      self.picture = picture
      self.explanations = explanations
      self.activations = activations
    }

    /// The probability in words.
    public var surety: String { confidence.isFinite ? "\(Int((confidence * 100).rounded())) %" : "no number" }

    /// How large a pixel is drawn, so that a face has about 96 of the screen's.
    var magnification: Int { max(1, 96 / picture.height) }
  }

  /// The mean map of a class over many faces.
  public struct MeanMap: Sendable {
    /// The class.
    public var label: String
    /// The method.
    public var method: String
    /// Faces in the mean.
    public var count: Int
    /// The mean of these faces' pictures.
    public var picture: Image
    /// The mean of their maps.
    public var map: HeatMap

    /// Creates a mean map.
    public init(label: String, method: String, count: Int, picture: Image, map: HeatMap) {
      self.label = label
      self.method = method
      self.count = count
      self.picture = picture
      self.map = map
    }

    /// Where it lies.
    public var shares: [FaceRegions.Share] { FaceRegions.shares(of: map) }
  }

  /// A method's faithfulness.
  public struct MethodScores: Sendable {
    /// The method, or a control.
    public var method: String
    /// What was measured.
    public var scores: Faithfulness.Scores

    /// Creates a row.
    public init(method: String, scores: Faithfulness.Scores) {
      self.method = method
      self.scores = scores
    }
  }

  /// The model's file name.
  public var model: String
  /// The dataset's file name.
  public var dataset: String
  /// The classes in order.
  public var classes: [String]
  /// The layer that class activation methods took; nil where none was.
  public var layer: String?
  /// The methods, in the order of the faces' explanations.
  public var methods: [(name: String, summary: String)]
  /// The faces, class by class.
  public var faces: [Face] = []
  /// Seconds that each method took for all faces.
  public var methodSeconds: [String: Double] = [:]
  /// What channels and classes answer to.
  public var summits: [GradientAscent.Summit] = []
  /// The shape of an input, for the summits' pictures.
  public var inputShape: [Int]
  /// Mean maps.
  public var meanMaps: [MeanMap] = []
  /// Faithfulness of the methods and of the controls.
  public var faithfulness: [MethodScores] = []
  /// Faces that faithfulness was measured on.
  public var faithfulnessCount = 0
  /// The parts of the network that the check randomised, in order.
  public var randomised: [String] = []
  /// What is left of the maps after each of them.
  public var randomisation: [RandomisationCheck.Result] = []

  /// Creates an empty gallery.
  public init(
    model: String, dataset: String, classes: [String], layer: String?, methods: [(name: String, summary: String)],
    inputShape: [Int]
  ) {
    self.model = model
    self.dataset = dataset
    self.classes = classes
    self.layer = layer
    self.methods = methods
    self.inputShape = inputShape
  }

  /// The contact sheet of some faces: a row a face, a column a method.
  public func sheet(of faces: [Face]) -> PictureSheet {
    PictureSheet(
      header: ["face"] + methods.map(\.name),
      rows: faces.map { face in
        let picture = face.picture.resized(
          height: face.picture.height * face.magnification, width: face.picture.width * face.magnification,
          filter: .bicubic)
        return PictureSheet.Row(
          words: [face.label, face.reason, "sees", face.predicted, face.surety],
          pictures: [picture]
            + face.explanations.map { $0.map.overlay(on: face.picture, magnification: face.magnification) })
      })
  }

  /// The pictures that a layer's channels, or the classes, answer to.
  func summitSheets() -> [(name: String, sheet: PictureSheet)] {
    func picture(_ summit: GradientAscent.Summit) -> Image {
      let scale = max(1, 96 / inputShape[1])
      return Image.of(values: summit.input, height: inputShape[1], width: inputShape[2])
        .resized(height: inputShape[1] * scale, width: inputShape[2] * scale, filter: .bicubic)
    }
    var layers: [String] = []
    var channels: [String: [(channel: Int, picture: Image)]] = [:]
    var labels: [(name: String, picture: Image)] = []
    for summit in summits {
      switch summit.goal {
      case .channel(let channel, let layer):
        if channels[layer] == nil { layers.append(layer) }
        channels[layer, default: []].append((channel, picture(summit)))
      case .label(let label): labels.append((classes[label], picture(summit)))
      }
    }
    var sheets = layers.map { layer in
      let found = channels[layer] ?? []
      return (
        layer,
        PictureSheet(
          header: found.map { "\($0.channel)" }, rows: [.init(words: [layer], pictures: found.map(\.picture))])
      )
    }
    if !labels.isEmpty {
      sheets.append(
        (
          "classes",
          PictureSheet(header: labels.map(\.name), rows: [.init(words: ["logit"], pictures: labels.map(\.picture))])
        ))
    }
    return sheets
  }

  /// The methods that there are mean maps of, in order.
  public var meanMethods: [String] {
    meanMaps.reduce(into: []) { if !$0.contains($1.method) { $0.append($1.method) } }
  }

  /// The mean maps: a row a class, the mean picture and a column a method.
  func meanSheet() -> PictureSheet? {
    guard !meanMaps.isEmpty else { return nil }
    let names = meanMethods
    let rows = classes.compactMap { label -> PictureSheet.Row? in
      let found = meanMaps.filter { $0.label == label }
      guard let first = found.first else { return nil }
      let scale = max(1, 96 / first.picture.height)
      let picture = first.picture.resized(
        height: first.picture.height * scale, width: first.picture.width * scale, filter: .bicubic)
      return PictureSheet.Row(
        words: [label, "\(first.count)"],
        pictures: [picture]
          + names.map { name in
            found.first { $0.method == name }?.map.overlay(on: first.picture, magnification: scale)
          })
    }
    return PictureSheet(header: ["mean face"] + names, rows: rows)
  }
}
