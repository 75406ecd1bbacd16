public import Foundation

/// What can go wrong while training, or with models and recipes on disk.
public enum TrainingError: Error, Equatable {
  /// A file cannot be read or written.
  case file(String, reason: String)
  /// A file is not a safetensors file.
  case notSafetensors(String, reason: String)
  /// A safetensors file lacks what a fercure model says about itself.
  case notAModel(String)
  /// A recipe is not valid YAML.
  case recipeSyntax(String, reason: String)
  /// A recipe has a key that means nothing.
  case unknownKey(String, known: [String])
  /// A recipe's value cannot be what it says.
  case recipeValue(String, reason: String)
  /// There is nothing to train on.
  case noSamples(String)
  /// A batch would be larger than the training set.
  case tooFewSamples(count: Int, batch: Int)
  /// The loss is no number any more.
  case diverged(epoch: Int, step: Int)
  /// The classes of model and dataset differ.
  case otherClasses(model: [String], dataset: [String])
  /// Weights to start from are those of another architecture.
  case foreignWeights(found: Int, of: Int)
  /// A checkpoint belongs to another recipe.
  case otherRecipe(String)
}

extension TrainingError: LocalizedError, CustomStringConvertible {
  /// The error as a sentence for a person.
  public var description: String {
    switch self {
    case .file(let path, let reason): "\(path): \(reason)"
    case .notSafetensors(let path, let reason): "\(path) is no safetensors file: \(reason)"
    case .notAModel(let path):
      "\(path) holds tensors but not what model they belong to; was it written by fercure train?"
    case .recipeSyntax(let path, let reason): "recipe \(path) is not valid YAML: \(reason)"
    case .unknownKey(let key, let known):
      "the recipe has no key \(key); there are \(known.joined(separator: ", "))"
    case .recipeValue(let key, let reason): "recipe value \(key): \(reason)"
    case .noSamples(let what): "there is nothing to train on: \(what)"
    case .tooFewSamples(let count, let batch):
      "\(count) samples do not fill one batch of \(batch); lower the batch size"
    case .diverged(let epoch, let step):
      "the loss became infinite in epoch \(epoch), step \(step); lower the learning rate"
    case .otherClasses(let model, let dataset):
      "the model knows the classes \(model.joined(separator: ", ")), the dataset has "
        + dataset.joined(separator: ", ")
    case .foreignWeights(let found, let total):
      "only \(found) of the network's \(total) values are in the file to start from; is it of another architecture?"
    case .otherRecipe(let path):
      "\(path) was written with another recipe, or from other pictures or labels; choose another folder, or the same to resume"
    }
  }

  /// The same sentence, where Foundation asks for it.
  public var errorDescription: String? { description }
}
