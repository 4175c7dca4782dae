// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzTargets

@main
enum Fuzz {
    static func main() throws {
        let options: Options
        do throws(Options.Mistake) {
            options = try Options(CommandLine.arguments.dropFirst())
        } catch {
            print("\(error)\n\(Options.usage)")
            exit(2)
        }
        if let path = options.translated {
            return try PlainTranslation.run(Array(Data(contentsOf: URL(filePath: path))))
        }
        if let path = options.counted {
            let body = try Array(Data(contentsOf: URL(filePath: path)))
            do {
                let (tokens, fastest) = try PlainTranslation.count(body, times: options.times)
                print(tokens, Int(fastest / .microseconds(1)))
                return
            } catch {
                print("refused: \(error)")
                exit(1)
            }
        }
        if let path = options.replay {
            exit(try Self.replay(path, in: options.modes) ? 0 : 1)
        }
        if let directory = options.seedsDirectory {
            return try Self.writeSeeds(of: options.modes, to: directory)
        }
        if let path = options.currentInput {
            exit(Self.work(options, noting: path) ? 0 : 1)
        }
        var isClean = true
        for mode in options.modes {
            let seconds = max(1, options.seconds / options.modes.count)
            if try !Supervisor(mode: mode, options: options).run(for: seconds) { isClean = false }
        }
        exit(isClean ? 0 : 1)
    }

    private static func replay(_ path: String, in modes: [String]) throws -> Bool {
        let input = try Array(Data(contentsOf: URL(filePath: path)))
        var isClean = true
        for mode in modes {
            do {
                let kind = try FuzzTargets.named(mode)?.run(input)
                print("\(mode): everything holds, kind \(kind ?? 0)")
            } catch {
                print("\(mode): \(error)")
                isClean = false
            }
        }
        return isClean
    }

    private static func writeSeeds(of modes: [String], to directory: String) throws {
        for mode in modes {
            for (index, seed) in (FuzzTargets.named(mode)?.seeds ?? []).enumerated() {
                try Data(seed).write(to: URL(filePath: directory).appending(path: "seed-\(mode)-\(index)"))
            }
        }
    }

    private static func work(_ options: Options, noting path: String) -> Bool {
        guard let mode = options.modes.first, let target = FuzzTargets.named(mode),
            let current = CurrentInput(path: path)
        else { return false }
        let report = Worker(target: target, seconds: options.seconds, seed: options.seed).run(noting: current)
        print(
            "\(mode): \(report.executions) executions, \(report.kinds) kinds of behaviour, "
                + "slowest \(report.slowest.milliseconds) ms for \(report.slowest.input.count) bytes")
        guard let (violation, _) = report.finding else { return true }
        print("\(mode): \(violation)")
        return false
    }
}
