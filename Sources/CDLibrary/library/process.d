/*
 * The thread and the CPU that a probe fires on. A packet is received in the context of the interrupted thread, which has
 * nothing to do with the packet.
 *
 * A file of this name in a folder given with -L replaces this one.
 */

typedef struct psinfo {
	pid_t pr_pid;
	pid_t pr_ppid;
	uid_t pr_uid;
	gid_t pr_gid;
	uid_t pr_euid;
	gid_t pr_egid;
	string pr_fname;
	string pr_psargs;		/* the name without its arguments */
	uintptr_t pr_addr;
} psinfo_t;

translator psinfo_t < struct task_struct *T > {
	pr_pid = T->tgid;
	pr_ppid = T->real_parent->tgid;
	pr_uid = T->cred->uid.val;
	pr_gid = T->cred->gid.val;
	pr_euid = T->cred->euid.val;
	pr_egid = T->cred->egid.val;
	pr_fname = T->comm;
	pr_psargs = T->comm;
	pr_addr = (uintptr_t)T;
};

inline psinfo_t *curpsinfo = xlate <psinfo_t *> (curthread);

typedef struct lwpsinfo {
	id_t pr_lwpid;
	int pr_pri;
	int pr_onpro;
	uintptr_t pr_addr;
} lwpsinfo_t;

translator lwpsinfo_t < struct task_struct *T > {
	pr_lwpid = T->pid;
	pr_pri = T->prio;
	pr_onpro = cpu;
	pr_addr = (uintptr_t)T;
};

inline lwpsinfo_t *curlwpsinfo = xlate <lwpsinfo_t *> (curthread);

typedef struct cpuinfo {
	processorid_t cpu_id;
	int cpu_pset;			/* always 0 */
	int cpu_chip;			/* always 0 */
	int cpu_lgrp;			/* always 0 */
} cpuinfo_t;

translator cpuinfo_t < processorid_t C > {
	cpu_id = C;
	cpu_pset = 0;
	cpu_chip = 0;
	cpu_lgrp = 0;
};

inline cpuinfo_t *curcpu = xlate <cpuinfo_t *> (cpu);
