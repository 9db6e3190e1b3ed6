import Diagnosis
import Netlink
import Protocols

/// The program whose verdict was not carried out, or the device that refused the frame, as the kernel's tracepoint names
/// them.
struct LostFrameCulprit {
    let lost: LostFrame
    /// The device of the program; for frames that were refused, the one that refused them.
    let device: String
    /// `prog/xdp` of the device, the way it was attached: xdpdrv, xdpgeneric; nil if it is not there any more.
    let mode: String?

    func answer(in namespace: any NamespaceView) -> CulpritAnswer {
        guard let program = lost.program else { return .found(refusal) }
        let name = program.name.isEmpty ? "" : " \"\(program.name)\""
        return .found(
            Culprit(
                kind: "xdp-program", name: "XDP program \(program.id)\(name) on \(device)",
                details: details(in: namespace) + (mode.map { ["attached as \($0)"] } ?? []),
                values: ["prog": String(program.id), "dev": device],
                remedies: mode.map { [XDPCulprit.removal(mode: $0)] } ?? []))
    }

    private func details(in namespace: any NamespaceView) -> [String] {
        guard lost.isAction else { return ["it returned \(lost.action), which is no verdict of XDP"] }
        guard let target = lost.target else { return ["it returned \(lost.action)"] }
        let error = lost.errorName.map { ": \($0)" } ?? ""
        switch target {
        case .device(let ifindex):
            return ["it redirects to the device with index \(ifindex)\(error)"] + state(ofDevice: ifindex, namespace)
        case .map(let id, let key):
            return ["it redirects through map \(id)\(key.map { ", key \($0)" } ?? "")\(error)"]
        }
    }

    private func state(ofDevice ifindex: UInt32, _ namespace: any NamespaceView) -> [String] {
        let link: NetworkLink?
        do throws(InspectionFailure) { link = try namespace.networkLink(index: ifindex) } catch { return [] }
        guard let link else { return ["no device has this index by now"] }
        if !link.isUp { return ["\(link.ifname) is down"] }
        return lost.errorName == "-EOPNOTSUPP" ? ["the driver of \(link.ifname) takes no frames of XDP"] : []
    }

    private var refusal: Culprit {
        let frames = lost.frames == 1 ? "a frame" : "\(lost.frames) frames"
        return Culprit(
            kind: "device", name: "\(device), which refused \(frames) of XDP",
            details: lost.errorName.map { ["its driver returned \($0)"] } ?? [], values: ["dev": device])
    }
}
