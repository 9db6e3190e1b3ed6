import CodeInterpreter
import PacketFilter

/// Runs the instructions of a translated filter as the kernel does, for tests, with the verifier's rules about the stack
/// (aligned, in bounds, written before it is read).
public struct ExtendedInterpreter {
    /// The argument of the subprogram.
    public struct Packet {
        /// The bytes from the L3 header on that lie in the linear area.
        public var linear: [UInt8]
        /// Bytes from the L3 header on, fragments included.
        public var length: Int
        public var ethertype: UInt16
        /// The 14 bytes of the Ethernet header; nil if there is none.
        public var ethernet: [UInt8]?

        public init(linear: [UInt8], length: Int, ethertype: UInt16, ethernet: [UInt8]?) {
            self.linear = linear
            self.length = length
            self.ethertype = ethertype
            self.ethernet = ethernet
        }
    }

    private static let contextBase: UInt64 = 0x1_0000_0000
    private static let packetBase: UInt64 = 0xffff_8000_0000_0000

    private let interpreter: Interpreter

    public init(_ encoded: [UInt64]) {
        var interpreter = Interpreter(encoded)
        // Calling functions use the rest.
        interpreter.stackSize = 96
        // Jumps lead forward only, so no run is longer than the program.
        interpreter.limit = encoded.count
        self.interpreter = interpreter
    }

    public func run(_ packet: Packet) throws -> UInt64 {
        var kernel = ModelKernel()
        // Reading outside of the packet is a fault here, although the real helper would only fail: the filter must not
        // try.
        kernel.faultsOnBadRead = true
        kernel.memory.add(Self.context(of: packet), at: Self.contextBase, .readOnly, isAligned: true)
        let ethernet = packet.ethernet ?? []
        kernel.memory.add(ethernet + packet.linear, at: Self.packetBase - UInt64(ethernet.count), .kernel)
        return try interpreter.run(&kernel, context: Self.contextBase)
    }

    /// `struct nt_filter_ctx`.
    private static func context(of packet: Packet) -> [UInt8] {
        // Uncaptured bytes are garbage in the kernel.
        var context = [UInt8](repeating: 0xa5, count: FilterContextLayout.size)
        context.replaceSubrange(
            0..<Int(FilterContextLayout.data), with: repeatElement(0, count: Int(FilterContextLayout.data)))
        func put<T: FixedWidthInteger>(_ value: T, at offset: Int16) {
            withUnsafeBytes(of: value) { context.replaceSubrange(Int(offset)..<Int(offset) + $0.count, with: $0) }
        }
        let l3Capacity = FilterContextLayout.dataSize - FilterContextLayout.ethernetLength
        let copied = packet.linear.prefix(l3Capacity)
        put(packetBase, at: FilterContextLayout.l3Address)
        put(UInt32(packet.length), at: FilterContextLayout.l3Length)
        put(UInt32(packet.linear.count), at: FilterContextLayout.l3Linear)
        put(UInt32(copied.count), at: FilterContextLayout.captured)
        put(packet.ethertype, at: FilterContextLayout.ethertype)
        put(UInt16(packet.ethernet == nil ? 0 : 1), at: FilterContextLayout.hasEthernet)
        let data = Int(FilterContextLayout.data)
        context.replaceSubrange(data..<data + 14, with: packet.ethernet ?? Array(repeating: 0, count: 14))
        context.replaceSubrange(data + 14..<data + 14 + copied.count, with: copied)
        return context
    }
}
