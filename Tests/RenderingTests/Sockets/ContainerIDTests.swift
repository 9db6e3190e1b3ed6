import Testing

@testable import Rendering

private let id = "0123456789abcdef" + String(repeating: "f", count: 48)
private let pod = "kubepods-burstable-pod8a9b.slice"

@Suite struct ContainerIDTests {
    @Test(arguments: [
        "/system.slice/docker-\(id).scope",
        "/docker/\(id)",
        "/docker/\(id)/init.scope",
        "/machine.slice/libpod-\(id).scope/container",
        "/libpod_parent/libpod-\(id)",
        "/kubepods.slice/\(pod)/cri-containerd-\(id).scope",
        "/kubepods.slice/\(pod)/crio-\(id).scope",
        "/kubepods/burstable/pod8a9b-1/\(id)",
        "/system.slice/containerd.service/\(pod):cri-containerd:\(id)",
        "/docker/\(String(repeating: "a", count: 64))/docker/\(id)",
    ])
    func enginesAreRecognised(_ path: String) {
        #expect(ContainerID.find(in: path) == "0123456789ab")
    }

    @Test(arguments: [
        "", "/", "/system.slice/ssh.service", "/user.slice/user-1000.slice/session-3.scope",
        "/build/\(id)", "/docker/\(id.dropLast())", "/docker/\(id)0", "/docker/\(id.uppercased())",
        "/system.slice/docker-\(id.dropLast())g.scope", "/machine.slice/libpod-conmon-\(id).scope",
        "/kubepods.slice/\(pod)", "/docker", "/docker/", "docker-", "/docker/é\(id.dropLast(2))",
    ])
    func otherCgroupsAreNoContainers(_ path: String) {
        #expect(ContainerID.find(in: path) == nil)
    }
}
