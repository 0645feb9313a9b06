/* A libc that counts, and on demand fails or kills: the calls by which files and sockets change.
 *
 * Preloaded, it stands between a process and the kernel. It counts the calls of the kinds asked for that concern a path
 * below one root or an internet socket; tripwire.py arms it in a forked child, and tells what it cannot see. The kernel
 * is asked through syscall(2): every variant of a call is the same here, and nothing of its own is counted.
 * For 64-bit Linux.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPEN = 1, WRITE = 2, TRUNCATE = 4, SYNC = 8, RENAME = 16, UNLINK = 32, MKDIR = 64,
            CONNECT = 128, SEND = 256, RECEIVE = 512 };

static char root[PATH_MAX];
static size_t root_length;
static int counted_kinds, log_fd = -1;
static int fail_errno, fail_stays, fail_is_short, kill_is_after;
static atomic_long count, fail_at, kill_at;

/* ── what tripwire.py calls ── */

void tw_arm(const char *folder, int kinds) {
    strncpy(root, folder, sizeof root - 1);
    root_length = strlen(root);
    counted_kinds = kinds;
    count = fail_at = kill_at = 0;
    log_fd = -1;
}

void tw_disarm(void) { counted_kinds = 0; }

long tw_count(void) { return count; }

void tw_record(const char *path) {
    log_fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Call n answers -1 with this errno. `stays`: so do all after it. `is_short`: it writes half, and call n + 1 fails. */
void tw_fail(long n, int error, int stays, int is_short) {
    fail_errno = error;
    fail_stays = stays;
    fail_is_short = is_short;
    fail_at = n;
}

void tw_kill(long n, int is_after) {
    kill_is_after = is_after;
    kill_at = n;
}

/* ── which calls count, and what comes of them ── */

static int is_below(const char *path) {
    return strncmp(path, root, root_length) == 0 && (path[root_length] == '/' || path[root_length] == 0);
}

static const char *path_of(int fd, char *path) {
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    return path;
}

/* `name` as it stands to `folder_fd`; links and ".." stay as they are. */
static const char *path_at(int folder_fd, const char *name, char *path) {
    if (name[0] == '/') return name;
    char folder[PATH_MAX];
    if (folder_fd == AT_FDCWD) syscall(SYS_getcwd, folder, sizeof folder);
    else path_of(folder_fd, folder);
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX) path[0] = 0;
    return path;
}

static int is_internet(int fd) {
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    return syscall(SYS_getsockname, fd, &address, &length) == 0 &&
           (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

static void die(void) { syscall(SYS_kill, syscall(SYS_getpid), SIGKILL); }

/* The number of a call that counts, 0 of one that does not; the tripwire's kill *before* it happens here. */
static long number_of(enum kind kind, const char *path, int fd) {
    if (!(counted_kinds & kind)) return 0;
    int error = errno, counts = path ? is_below(path) : is_internet(fd);
    errno = error;
    if (!counts) return 0;
    long n = atomic_fetch_add(&count, 1) + 1;
    if (n == kill_at && !kill_is_after) die();
    return n;
}

static int is_to_fail(long n, size_t *size) {
    long at = fail_at;
    if (!n || !at) return 0;
    if (fail_is_short && n == at && *size > 1) {
        *size /= 2;
        fail_is_short = 0;
        fail_at = n + 1;
        return 0;
    }
    return n == at || (fail_stays && n > at);
}

static long tell(long n, const char *name, const char *path, const char *other, long size, long result) {
    int error = errno;
    if (log_fd >= 0) {
        char line[2 * PATH_MAX + 200];
        int length = snprintf(line, sizeof line, "%ld\t%s\t%s\t%s\t%ld\t%ld\t%d\n", n, name, path ? path : "",
                              other ? other : "", size, result, result < 0 ? error : 0);
        syscall(SYS_write, log_fd, line, length);
    }
    if (n == kill_at && kill_is_after) die();
    errno = error;
    return result;
}

/* Make the call, unless it is to fail; `size`, a variable, may be halved before. */
#define PASS(kind, path, fd, other, size, real)                                    \
    do {                                                                           \
        long n = number_of(kind, path, fd);                                        \
        if (!n) return real;                                                       \
        if (is_to_fail(n, &(size))) {                                              \
            errno = fail_errno;                                                    \
            return tell(n, __func__, path, other, size, -1);                       \
        }                                                                          \
        return tell(n, __func__, path, other, size, real);                         \
    } while (0)
#define NO_SIZE ((size_t){0})
#define BY_FD(kinds) char space[PATH_MAX]; const char *path = counted_kinds & (kinds) ? path_of(fd, space) : ""
#define BY_NAME(at, file) char space[PATH_MAX]; const char *path = path_at(at, file, space)

/* ── the calls ── */

static int opens(const char *name, int at, const char *file, int flags, va_list more) {
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
    if (!(flags & (O_CREAT | O_TRUNC))) return syscall(SYS_openat, at, file, flags, mode);
    BY_NAME(at, file);
    long n = number_of(OPEN, path, -1);
    errno = fail_errno;
    long fd = is_to_fail(n, &NO_SIZE) ? -1 : syscall(SYS_openat, at, file, flags, mode);
    return n ? tell(n, name, path, NULL, flags, fd) : fd;
}
#define OPENS(at)                                          \
    va_list more;                                          \
    va_start(more, flags);                                 \
    int fd = opens(__func__, at, file, flags, more);       \
    va_end(more);                                          \
    return fd
int open(const char *file, int flags, ...) { OPENS(AT_FDCWD); }
int open64(const char *file, int flags, ...) { OPENS(AT_FDCWD); }
int openat(int at, const char *file, int flags, ...) { OPENS(at); }
int openat64(int at, const char *file, int flags, ...) { OPENS(at); }
int creat(const char *file, mode_t mode) { return open(file, O_CREAT | O_WRONLY | O_TRUNC, mode); }

/* What is written to a socket is sent. */
#define WRITES(size, real)                                                                   \
    BY_FD(WRITE | SEND);                                                                     \
    int is_socket = strncmp(path, "socket:", 7) == 0;                                        \
    PASS(is_socket ? SEND : WRITE, is_socket ? NULL : path, fd, NULL, size, real)
ssize_t write(int fd, const void *from, size_t size) { WRITES(size, syscall(SYS_write, fd, from, size)); }
ssize_t writev(int fd, const struct iovec *parts, int count_) {
    WRITES(NO_SIZE, syscall(SYS_writev, fd, parts, count_));
}
ssize_t pwrite64(int fd, const void *from, size_t size, off_t at) {
    WRITES(size, syscall(SYS_pwrite64, fd, from, size, at));
}
ssize_t pwrite(int fd, const void *from, size_t size, off_t at) { return pwrite64(fd, from, size, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count_, off_t at) {
    WRITES(NO_SIZE, syscall(SYS_pwritev, fd, parts, count_, at, 0));
}
ssize_t pwritev(int fd, const struct iovec *parts, int count_, off_t at) { return pwritev64(fd, parts, count_, at); }
ssize_t sendfile64(int fd, int from, off_t *at, size_t size) {
    WRITES(size, syscall(SYS_sendfile, fd, from, at, size));
}
ssize_t sendfile(int fd, int from, off_t *at, size_t size) { return sendfile64(fd, from, at, size); }
ssize_t copy_file_range(int from, off_t *at, int fd, off_t *to, size_t size, unsigned flags) {
    WRITES(size, syscall(SYS_copy_file_range, from, at, fd, to, size, flags));
}

int ftruncate64(int fd, off_t size) {
    BY_FD(TRUNCATE);
    PASS(TRUNCATE, path, fd, NULL, NO_SIZE, syscall(SYS_ftruncate, fd, size));
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }
int fsync(int fd) {
    BY_FD(SYNC);
    PASS(SYNC, path, fd, NULL, NO_SIZE, syscall(SYS_fsync, fd));
}
int fdatasync(int fd) {
    BY_FD(SYNC);
    PASS(SYNC, path, fd, NULL, NO_SIZE, syscall(SYS_fdatasync, fd));
}

int renameat2(int at, const char *file, int to_at, const char *to, unsigned flags) {
    char to_space[PATH_MAX];
    const char *to_path = path_at(to_at, to, to_space);
    BY_NAME(at, file);
    PASS(RENAME, path, -1, to_path, NO_SIZE, syscall(SYS_renameat2, at, file, to_at, to, flags));
}
int renameat(int at, const char *file, int to_at, const char *to) { return renameat2(at, file, to_at, to, 0); }
int rename(const char *file, const char *to) { return renameat2(AT_FDCWD, file, AT_FDCWD, to, 0); }
int unlinkat(int at, const char *file, int flags) {
    BY_NAME(at, file);
    PASS(UNLINK, path, -1, NULL, NO_SIZE, syscall(SYS_unlinkat, at, file, flags));
}
int unlink(const char *file) { return unlinkat(AT_FDCWD, file, 0); }
int rmdir(const char *file) { return unlinkat(AT_FDCWD, file, AT_REMOVEDIR); }
int mkdirat(int at, const char *file, mode_t mode) {
    BY_NAME(at, file);
    PASS(MKDIR, path, -1, NULL, NO_SIZE, syscall(SYS_mkdirat, at, file, mode));
}
int mkdir(const char *file, mode_t mode) { return mkdirat(AT_FDCWD, file, mode); }

int connect(int fd, __CONST_SOCKADDR_ARG to, socklen_t length) {
    PASS(CONNECT, NULL, fd, NULL, NO_SIZE, syscall(SYS_connect, fd, to.__sockaddr__, length));
}
ssize_t sendto(int fd, const void *from, size_t size, int flags, __CONST_SOCKADDR_ARG to, socklen_t length) {
    PASS(SEND, NULL, fd, NULL, size, syscall(SYS_sendto, fd, from, size, flags, to.__sockaddr__, length));
}
ssize_t send(int fd, const void *from, size_t size, int flags) { return sendto(fd, from, size, flags, NULL, 0); }
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    PASS(SEND, NULL, fd, NULL, NO_SIZE, syscall(SYS_sendmsg, fd, message, flags));
}
ssize_t recvfrom(int fd, void *into, size_t size, int flags, __SOCKADDR_ARG from, socklen_t *length) {
    PASS(RECEIVE, NULL, fd, NULL, size, syscall(SYS_recvfrom, fd, into, size, flags, from.__sockaddr__, length));
}
ssize_t recv(int fd, void *into, size_t size, int flags) { return recvfrom(fd, into, size, flags, NULL, NULL); }
