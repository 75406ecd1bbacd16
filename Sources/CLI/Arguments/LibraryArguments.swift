public import ArgumentParser
public import Curation
public import NeuralNet
public import Training

// The library knows nothing of the command line: its enumerations learn here to be options.

extension Activation: ExpressibleByArgument {}
extension Attention: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension Rebalancer.Method: ExpressibleByArgument {}
extension SelfCureRecipe.RelabelScope: ExpressibleByArgument {}
extension Split: ExpressibleByArgument {}
extension Suggestion.State: ExpressibleByArgument {}
extension Views: ExpressibleByArgument {}
extension VoteRule: ExpressibleByArgument {}
