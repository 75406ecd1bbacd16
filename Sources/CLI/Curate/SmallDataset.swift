import Auditing
import Training

extension AuditRecipe {
  /// The recipe with as many epochs as a dataset calls for; tells for how long which networks learn where it is so small that the
  /// usual epochs would teach little, or those that were asked for do.
  func lengthened(training: Int, taughtByVotes: Bool, telling console: Console) -> AuditRecipe {
    let planned = lengthened(training: training, taughtByVotes: taughtByVotes)
    let before = length(training: training, taughtByVotes: taughtByVotes)
    let after = planned.length(training: training, taughtByVotes: taughtByVotes)
    let enough = AuditRecipe().fewestSteps
    if after.epochs > before.epochs {
      console.note(
        "few training samples: \(after.epochs) epochs in place of \(before.epochs), so that networks learn for "
          + Numbers.count(after.steps, "step")
          + (planned.train.model == train.model
            ? "" : "; \(planned.train.model), for \(train.model) would learn so few by heart")
          + (planned.train.dropout == train.dropout ? "" : "; a dropout of \(planned.train.dropout)")
          + (planned.train.earlyLearningRampUp == train.earlyLearningRampUp
            ? "" : "; early learning counts in full after \(Numbers.percent(planned.train.earlyLearningRampUp))"))
    } else if 2 * after.steps < enough {
      console.note(
        "networks learn for only \(Numbers.count(after.steps, "step")): what they suggest after so few is often wrong; without "
          + "epochs of your own they learn for \(Numbers.count(enough))")
    }
    return planned
  }
}
