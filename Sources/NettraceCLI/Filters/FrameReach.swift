import AttachPlanning
import KernelAccess

/// Notes a filter that matches nothing, since the chosen tracers report frames without their packet.
enum FrameReach {
    static func notes(of configuration: TraceConfiguration, tracers: [PlannedHook]) -> [String] {
        guard !tracers.isEmpty, tracers.allSatisfy({ $0.subject == .frame }), selectsPackets(configuration) else {
            return []
        }
        return [
            "the chosen tracers report frames of XDP, without the packet: only the filters -i and --netns apply to them, "
                + "so that nothing can match"
        ]
    }

    private static func selectsPackets(_ configuration: TraceConfiguration) -> Bool {
        let filters = configuration.filters
        return configuration.packetFilter != nil || !filters.lengths.isEmpty || !filters.marks.isEmpty
            || filters.selectsProcess || !filters.users.isEmpty || !filters.cgroups.isEmpty
    }
}
