import CSyscalls
import CaptureFiles
import Glibc
import Testing

@testable import Capture

/// Frames in a network namespace of their own, as a source delivers them. Needs root.
@Suite(.enabled(if: PrivateNetwork.isPossible, "needs root")) struct CaptureSourceTests {
    /// A packet that is kept.
    private struct Kept: Equatable {
        var bytes: [UInt8]
        var wireLength: Int
        var interface: String
        var linkType: LinkType
        var direction: PacketView.Direction
    }

    private static let type: UInt16 = 0x88b5

    private func settings(_ interface: String? = nil, _ change: (inout CaptureSettings) -> Void = { _ in })
        -> CaptureSettings
    {
        var settings = CaptureSettings()
        settings.interface = interface
        settings.latency = 10
        settings.ringBytes = 2 << 20
        change(&settings)
        return settings
    }

    /// Stops, and takes all packets that are left.
    private func rest(_ source: inout CaptureSource) throws -> [Kept] {
        source.stop()
        var packets: [Kept] = []
        while try source.next(waiting: 0) {
            let view = source.packet.view
            packets.append(
                Kept(
                    bytes: view.bytes.withUnsafeBytes(Array.init), wireLength: view.wireLength,
                    interface: source.interfaces[view.interface].name ?? "", linkType: view.linkType,
                    direction: view.direction))
        }
        return packets
    }

    @Test func aFrameIsSeenOnceByEachDeviceThatItPasses() throws {
        try PrivateNetwork.run {
            var source = try CaptureSource(settings())
            let frame = Frame.broadcast(Self.type)
            try FrameSender("left").send(frame)
            let packets = try rest(&source)
            try #require(packets.count == 2)
            #expect(
                packets[0]
                    == Kept(bytes: frame, wireLength: 100, interface: "left", linkType: .ethernet, direction: .outbound)
            )
            #expect(
                packets[1]
                    == Kept(bytes: frame, wireLength: 100, interface: "right", linkType: .ethernet, direction: .inbound)
            )
            #expect(try source.counts() == CaptureCounts(received: 2))
        }
    }

    @Test func theOtherDevicesAreLeftOut() throws {
        try PrivateNetwork.run {
            var source = try CaptureSource(settings("right"))
            #expect(source.interfaces.map(\.name) == ["right"])
            try FrameSender("left").send(Frame.broadcast(Self.type))
            #expect(try rest(&source).map(\.interface) == ["right"])
        }
    }

    @Test func thePacketsAreCutButTheirLengthIsKept() throws {
        try PrivateNetwork.run {
            var source = try CaptureSource(settings("right") { $0.snapLength = 40 })
            let frame = Frame.broadcast(Self.type, size: 1000)
            try FrameSender("left").send(frame)
            let packet = try #require(try rest(&source).first)
            #expect(packet.bytes == Array(frame[..<40]) && packet.wireLength == 1000)
        }
    }

    @Test func theTagOfAVLANIsPutBack() throws {
        try PrivateNetwork.run {
            var source = try CaptureSource(settings("right"))
            let frame = Frame.broadcast(Self.type, tag: 0x6007)
            try FrameSender("left").send(frame)
            let packet = try #require(try rest(&source).first)
            #expect(packet.bytes == frame && packet.wireLength == frame.count)
        }
    }

    @Test func theKernelFilters() throws {
        try PrivateNetwork.run {
            var source = try CaptureSource(settings("right") { $0.expression = "not ether proto 0x88b5" })
            let sender = try FrameSender("left")
            for type in [Self.type, 0x88b6, Self.type] { try sender.send(Frame.broadcast(type)) }
            let packets = try rest(&source)
            #expect(packets.map { Array($0.bytes[12..<14]) } == [[0x88, 0xb6]])
            #expect(try source.counts().received == 1)
        }
    }

    @Test func packetsOfOthersNeedPromiscuousDevices() throws {
        try PrivateNetwork.run {
            for isPromiscuous in [false, true] {
                var source = try CaptureSource(settings("right") { $0.isPromiscuous = isPromiscuous })
                try FrameSender("left").send(Frame.foreign(Self.type))
                #expect(try rest(&source).count == (isPromiscuous ? 1 : 0))
            }
        }
    }

    @Test func loopbackShowsAPacketOnce() throws {
        try PrivateNetwork.run {
            try PrivateNetwork.ip("link set lo up")
            var source = try CaptureSource(settings("lo"))
            try FrameSender("lo").send(Frame.broadcast(Self.type))
            #expect(try rest(&source).count == 1)
        }
    }

    @Test func cookedPacketsHaveTheHeaderOfLinux() throws {
        try PrivateNetwork.run {
            var source = try CaptureSource(settings("right") { $0.isCooked = true })
            let frame = Frame.broadcast(Self.type, number: 7)
            try FrameSender("left").send(frame)
            let packet = try #require(try rest(&source).first)
            let index = UInt8(if_nametoindex("right"))
            let header: [UInt8] = [0x88, 0xb5, 0, 0, 0, 0, 0, index, 0, 1, 1, 6, 2, 0, 0, 0, 0, 1, 0, 0]
            #expect(packet.linkType == .linuxSLL2 && packet.bytes == header + frame[14...])
            #expect(packet.wireLength == frame.count + 6)
        }
    }

    @Test func controlReturnsWithoutTraffic() throws {
        try PrivateNetwork.run {
            var source = try CaptureSource(settings("right"))
            // On a busy machine a wait may be longer, but not each of a hundred.
            var shortest = Duration.seconds(3600)
            for _ in 0..<100 where shortest >= .milliseconds(500) {
                let start = ContinuousClock.now
                #expect(try !source.next(waiting: 100))
                shortest = min(shortest, ContinuousClock.now - start)
            }
            #expect(shortest < .milliseconds(500) && source.isDrained)
        }
    }

    @Test func theCountsAddUpWhenPacketsAreLost() throws {
        try PrivateNetwork.run {
            var source = try CaptureSource(settings("right") { $0.ringBytes = 1 << 20 })
            let sender = try FrameSender("left")
            for number in 0..<3000 {
                try sender.send(Frame.broadcast(Self.type, number: UInt8(number & 255), size: 1000))
            }
            let taken = try rest(&source).count
            let counts = try source.counts()
            #expect(counts.received == 3000 && counts.lost > 0 && UInt64(taken) + counts.lost == 3000)
        }
    }

    @Test func aRenamedDeviceIsAnotherInterface() throws {
        try PrivateNetwork.run {
            var source = try CaptureSource(settings())
            let sender = try FrameSender("left")
            try sender.send(Frame.broadcast(Self.type))
            for _ in 0..<2 { #expect(try source.next(waiting: 60_000)) }
            try PrivateNetwork.ip("link set right down")
            try PrivateNetwork.ip("link set right name third")
            try PrivateNetwork.ip("link set third up")
            // The kernel opens the queue of the other device a moment later.
            for _ in 0..<2000 where source.interfaces.count < 3 {
                try sender.send(Frame.broadcast(Self.type))
                for _ in 0..<2 { _ = try source.next(waiting: 50) }
            }
            #expect(source.interfaces.map(\.name) == ["left", "right", "third"])
        }
    }

    @Test func theRemovalOfTheDeviceIsReportedAfterItsPackets() throws {
        try PrivateNetwork.run {
            var source = try CaptureSource(settings("right"))
            try FrameSender("left").send(Frame.broadcast(Self.type))
            try PrivateNetwork.ip("link del left")
            var (count, failure) = (0, CaptureFailure?.none)
            do throws(CaptureFailure) {
                for _ in 0..<2000 where try source.next(waiting: 50) { count += 1 }
            } catch { failure = error }
            #expect(count == 1 && failure == .interfaceRemoved("right"))
        }
    }

    @Test func aCaptureWithoutDevicesIsRefused() throws {
        try PrivateNetwork.run {
            #expect(throws: CaptureFailure.unknownInterface("nope")) { _ = try CaptureSource(settings("nope")) }
            try PrivateNetwork.ip("link del left")
            #expect(throws: CaptureFailure.noInterfaces) { _ = try CaptureSource(settings()) }
        }
    }
}
