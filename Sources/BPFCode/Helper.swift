/// The kernel's helper functions that tracing programs call: `___BPF_FUNC_MAPPER` of include/uapi/linux/bpf.h.
///
/// The kernel decides by program type and version whether it has one; `bpf_probe_read_kernel` and the ring buffer's are
/// in every kernel that nettrace supports.
public enum Helper: Int32, Sendable, CaseIterable {
    case mapLookupElem = 1
    case mapUpdateElem = 2
    case mapDeleteElem = 3
    case probeRead = 4
    case ktimeGetNs = 5
    case tracePrintk = 6
    case getPrandomU32 = 7
    case getSmpProcessorId = 8
    case tailCall = 12
    case getCurrentPidTgid = 14
    case getCurrentUidGid = 15
    case getCurrentComm = 16
    case perfEventRead = 22
    case perfEventOutput = 25
    case getStackid = 27
    case getCurrentTask = 35
    case probeWriteUser = 36
    case currentTaskUnderCgroup = 37
    case getNumaNodeId = 42
    case probeReadStr = 45
    case getSocketCookie = 46
    case perfEventReadValue = 55
    case perfProgReadValue = 56
    case getStack = 67
    case getCurrentCgroupId = 80
    case getLocalStorage = 81
    case mapPushElem = 87
    case mapPopElem = 88
    case mapPeekElem = 89
    case spinLock = 93
    case spinUnlock = 94
    case strtol = 105
    case strtoul = 106
    case sendSignal = 109
    case skbOutput = 111
    case probeReadUser = 112
    case probeReadKernel = 113
    case probeReadUserStr = 114
    case probeReadKernelStr = 115
    case sendSignalThread = 117
    case jiffies64 = 118
    case readBranchRecords = 119
    case getNsCurrentPidTgid = 120
    case xdpOutput = 121
    case getNetnsCookie = 122
    case getCurrentAncestorCgroupId = 123
    case ktimeGetBootNs = 125
    case seqPrintf = 126
    case seqWrite = 127
    case ringbufOutput = 130
    case ringbufReserve = 131
    case ringbufSubmit = 132
    case ringbufDiscard = 133
    case ringbufQuery = 134
    case skcToTcp6Sock = 136
    case skcToTcpSock = 137
    case skcToTcpTimewaitSock = 138
    case skcToTcpRequestSock = 139
    case skcToUdp6Sock = 140
    case getTaskStack = 141
    case dPath = 147
    case copyFromUser = 148
    case snprintfBtf = 149
    case seqPrintfBtf = 150
    case perCpuPtr = 153
    case thisCpuPtr = 154
    case taskStorageGet = 156
    case taskStorageDelete = 157
    case getCurrentTaskBtf = 158
    case ktimeGetCoarseNs = 160
    case sockFromFile = 162
    case forEachMapElem = 164
    case snprintf = 165
    case timerInit = 169
    case timerSetCallback = 170
    case timerStart = 171
    case timerCancel = 172
    case getFuncIp = 173
    case getAttachCookie = 174
    case taskPtRegs = 175
    case getBranchSnapshot = 176
    case traceVprintk = 177
    case skcToUnixSock = 178
    case kallsymsLookupName = 179
    case findVma = 180
    case loop = 181
    case strncmp = 182
    case getFuncArg = 183
    case getFuncRet = 184
    case getFuncArgCnt = 185
    case copyFromUserTask = 191
    case mapLookupPercpuElem = 195
    case dynptrFromMem = 197
    case ringbufReserveDynptr = 198
    case ringbufSubmitDynptr = 199
    case ringbufDiscardDynptr = 200
    case dynptrRead = 201
    case dynptrWrite = 202
    case dynptrData = 203
    case ktimeGetTaiNs = 208

    /// The kernel's name, without `bpf_`: `map_lookup_elem`.
    public var name: String {
        var name = ""
        for character in "\(self)" {
            if character.isUppercase { name += "_" }
            name += character.lowercased()
        }
        return name
    }
}
