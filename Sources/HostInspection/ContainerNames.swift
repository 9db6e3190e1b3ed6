internal import FoundationEssentials

/// Names of containers by id, from those files of the container engines that can be read.
public enum ContainerNames {
    public static func all(root: String = "") -> [String: String] {
        docker(root + "/var/lib/docker/containers")
            .merging(podman(root + "/var/lib/containers/storage/overlay-containers/containers.json")) { first, _ in
                first
            }
            .merging(runtimes(root + "/run/containerd/io.containerd.runtime.v2.task")) { first, _ in first }
    }

    /// Docker: a folder for each container, named by its id.
    private static func docker(_ folder: String) -> [String: String] {
        struct Container: Decodable { var Name: String }
        return names(in: folder) { id in
            (decode("\(folder)/\(id)/config.v2.json") as Container?).map { String($0.Name.drop { $0 == "/" }) }
        }
    }

    /// Podman and CRI-O: one list (containers/storage).
    private static func podman(_ file: String) -> [String: String] {
        struct Container: Decodable {
            var id: String
            var names: [String]?
        }
        let list: [Container] = decode(file) ?? []
        return list.reduce(into: [:]) { $0[$1.id] = $1.names?.first }
    }

    /// containerd: a folder for each of its namespaces (k8s.io, default …), and in it one for each container with the OCI
    /// runtime's file.
    private static func runtimes(_ folder: String) -> [String: String] {
        struct Container: Decodable { var annotations: [String: String]? }
        return entries(of: folder).reduce(into: [:]) { all, namespace in
            all.merge(
                names(in: "\(folder)/\(namespace)") { id in
                    let container: Container? = decode("\(folder)/\(namespace)/\(id)/config.json")
                    return container?.annotations.flatMap(name)
                }
            ) { first, _ in first }
        }
    }

    /// `POD/CONTAINER` from the annotations of Kubernetes, or the name from the annotation of nerdctl.
    private static func name(_ annotations: [String: String]) -> String? {
        if let name = annotations["nerdctl/name"] { return name }
        guard let pod = annotations["io.kubernetes.cri.sandbox-name"] else { return nil }
        return annotations["io.kubernetes.cri.container-name"].map { "\(pod)/\($0)" } ?? pod
    }

    private static func names(in folder: String, _ name: (String) -> String?) -> [String: String] {
        entries(of: folder).reduce(into: [:]) { $0[$1] = name($1) }
    }

    private static func decode<Value: Decodable>(_ path: String) -> Value? {
        text(path, limit: 16 << 20).flatMap { try? JSONDecoder().decode(Value.self, from: Data($0.utf8)) }
    }
}
