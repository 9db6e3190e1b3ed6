import CaptureFiles
import Netlink
import PacketFilter

/// Devices by their indexes: number in the list of interfaces, and link type. Follows devices that come, go and change
/// their names.
struct LinkTable {
    struct Entry: Equatable {
        let number: Int
        let header: LinkHeader
        let linkType: LinkType
    }

    private struct Key: Hashable {
        let index: UInt32
        let name: String
        let linkType: LinkType
    }

    private(set) var interfaces: [CaptureInterface] = []
    private var numbers: [Key: Int] = [:]
    private var entries: [UInt32: Entry] = [:]
    private var names: [UInt32: String] = [:]
    private let template: CaptureInterface
    private let isCooked: Bool
    private let session: NetlinkSession
    private let notices: LinkNotices

    /// A device whose answer cannot be had is named by its number.
    private static let unnamed = "if"

    init(_ settings: CaptureSettings) throws(CaptureFailure) {
        do throws(NetlinkError) {
            // Before the first question, so that no change is missed.
            notices = try LinkNotices()
            session = NetlinkSession(try NetlinkSocket(.route, inNamespace: -1))
        } catch {
            throw .cannotListInterfaces("\(error)")
        }
        isCooked = settings.isCooked
        template = CaptureInterface(
            snapshotLength: UInt32(settings.clampedSnapLength), filter: settings.expression, system: "Linux")
    }

    /// The device of this name. Returns nil if no device has it.
    func link(named name: String) -> Link? {
        (try? session.answer(to: LinkQuery(name: name)))?.first { $0.name == name }
    }

    func exists(_ index: UInt32) -> Bool {
        do throws(NetlinkError) {
            return try !session.answer(to: LinkQuery(index: index)).isEmpty
        } catch {
            if case .refused = error { return false }
            // The question failed, which says nothing about the device.
            return true
        }
    }

    func all() throws(CaptureFailure) -> [Link] {
        do { return try session.answer(to: Links()) } catch { throw .cannotListInterfaces("\(error)") }
    }

    /// - Parameter hardware: type of the device according to its packet, in case that the device is gone.
    mutating func entry(_ index: UInt32, hardware: UInt16) -> Entry {
        if let known = entries[index] { return known }
        let link = (try? session.answer(to: LinkQuery(index: index)))?.first
        return add(index, link?.name ?? Self.unnamed + String(index), link?.hardwareType ?? hardware)
    }

    @discardableResult
    mutating func add(_ index: UInt32, _ name: String, _ hardware: UInt16) -> Entry {
        let header = isCooked ? .cooked : LinkHeader(hardwareType: hardware)
        let linkType = LinkType(header)
        let key = Key(index: index, name: name, linkType: linkType)
        let number = numbers[key] ?? interfaces.count
        if number == interfaces.count {
            var interface = template
            interface.name = name
            interface.linkType = linkType
            interfaces.append(interface)
            numbers[key] = number
        }
        let entry = Entry(number: number, header: header, linkType: linkType)
        entries[index] = entry
        names[index] = name
        return entry
    }

    /// Reads notices about devices. A device with a new name becomes another interface.
    ///
    /// - Returns: whether an entry changed, and the indexes of devices that are new.
    mutating func follow() -> (isChanged: Bool, appeared: [UInt32]) {
        var isChanged = false
        var appeared: [UInt32] = []
        for notice in notices.take() {
            switch notice {
            case .present(let link):
                guard names[link.index] != link.name else { continue }
                isChanged = entries.removeValue(forKey: link.index) != nil || isChanged
                if names.updateValue(link.name, forKey: link.index) == nil { appeared.append(link.index) }
            case .gone(let index):
                isChanged = entries.removeValue(forKey: index) != nil || isChanged
                names[index] = nil
            case .lost:
                isChanged = true
                entries.removeAll()
                names.removeAll()
                appeared += ((try? all()) ?? []).map(\.index)
            }
        }
        return (isChanged, appeared)
    }
}

extension LinkType {
    init(_ header: LinkHeader) {
        self =
            switch header {
            case .ethernet: .ethernet
            case .ip: .ip
            case .cooked: .linuxSLL2
            }
    }
}
