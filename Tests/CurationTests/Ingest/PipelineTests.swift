import Synchronization
import Testing

@testable import Curation

struct PipelineTests {
  private struct Failure: Error {}

  @Test("Values arrive in order")
  func order() throws {
    var received: [Int] = []
    try pipelined { emit in
      for value in 0..<1000 { try emit(value) }
    } consume: {
      received.append($0)
    }
    #expect(received == Array(0..<1000))
  }

  @Test("What the producer throws is thrown after the values before it")
  func producerFails() {
    var received: [Int] = []
    #expect(throws: Failure.self) {
      try pipelined { emit in
        for value in 0..<3 { try emit(value) }
        throw Failure()
      } consume: {
        received.append($0)
      }
    }
    #expect(received == [0, 1, 2])
  }

  @Test("When the consumer throws, the producer has ended on return")
  func consumerFails() {
    let hasEnded = Mutex(false)
    #expect(throws: Failure.self) {
      try pipelined { emit in
        defer { hasEnded.withLock { $0 = true } }
        var value = 0
        while true {
          try emit(value)
          value += 1
        }
      } consume: { value in
        if value == 10 { throw Failure() }
      }
    }
    #expect(hasEnded.withLock { $0 })
  }
}
