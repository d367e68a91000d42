/* Stands between a process and the system's write, sync and send calls (LD_PRELOAD): counts them, kills the process at
   one of them, lets those on the database fail for a while, or records them with their data, by the environment:

   DISK_COUNT=FILE         the number of calls so far, 8 bytes; DISK_COUNT_FAILING=FILE: of those that DISK_FAIL counts
   DISK_KILL_AT=N          SIGKILL just before call N
   DISK_FAIL=ERRNO DISK_FAIL_FROM=N DISK_FAIL_FOR=K
                           calls N to N+K-1 that write or sync a file whose name holds ".db" fail with ERRNO
   DISK_FULL=FILE          while FILE exists, calls that write such a file fail with ENOSPC
   DISK_HURRY=1            syncs succeed without being done: neither a kill nor a replay needs them
   DISK_RECORD=FILE        every call on such a file, on a folder, or on descriptor 1: "NAME FD OFFSET LENGTH PATH\n", data */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static long *calls, *failing_calls, kill_at, fail_with, fail_from, fail_for;
static const char *full, *hurry;
static int record = -1;
static pthread_mutex_t recording = PTHREAD_MUTEX_INITIALIZER;
static ssize_t (*real_write)(int, const void *, size_t);

#define REAL(name, type, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

static long number(const char *name) { return getenv(name) ? atol(getenv(name)) : 0; }

static long *counter(const char *name, long *own) {
    const char *path = getenv(name);
    if (!path) return own;
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    void *shared = MAP_FAILED;
    if (posix_fallocate(file, 0, sizeof *own) == 0)
        shared = mmap(0, sizeof *own, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (shared == MAP_FAILED) abort();
    close(file);
    return shared;
}

__attribute__((constructor)) static void begin(void) {
    static long own, own_failing;
    const char *log = getenv("DISK_RECORD");
    real_write = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    kill_at = number("DISK_KILL_AT"), fail_with = number("DISK_FAIL");
    fail_from = number("DISK_FAIL_FROM"), fail_for = number("DISK_FAIL_FOR");
    full = getenv("DISK_FULL"), hurry = getenv("DISK_HURRY");
    calls = counter("DISK_COUNT", &own), failing_calls = counter("DISK_COUNT_FAILING", &own_failing);
    if (log) record = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void count(void) {
    if (__atomic_add_fetch(calls, 1, __ATOMIC_SEQ_CST) == kill_at) kill(getpid(), SIGKILL);
}

static const char *path_of(int fd, char *path, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, size - 1);
    path[length > 0 ? length : 0] = 0;
    return path;
}

/* Counts a call on a file; tells whether it shall fail, and sets errno then. */
static int refuse(int fd, int writes) {
    char path[4096];
    count();
    if (!strstr(path_of(fd, path, sizeof path), ".db")) return 0;
    if (full && writes && access(full, F_OK) == 0) return errno = ENOSPC, 1;
    long now = __atomic_add_fetch(failing_calls, 1, __ATOMIC_SEQ_CST);
    if (!fail_with || now < fail_from || now >= fail_from + fail_for) return 0;
    return errno = fail_with, 1;
}

static void note(const char *name, int fd, long offset, size_t length, const void *data, const char *given) {
    char path[4096], line[4400];
    if (record < 0) return;
    if (!given) given = path_of(fd, path, sizeof path);
    if (fd != 1 && given[0] != '/') return;
    int size = snprintf(line, sizeof line, "%s %d %ld %zu %s\n", name, fd, offset, data ? length : 0, given);
    pthread_mutex_lock(&recording);
    if (real_write(record, line, size) != size || (data && real_write(record, data, length) != (ssize_t)length)) abort();
    pthread_mutex_unlock(&recording);
}

ssize_t write(int fd, const void *data, size_t length) {
    if (refuse(fd, 1)) return -1;
    ssize_t done = real_write(fd, data, length);
    if (done > 0 && fd == 1) note("write", fd, -1, done, data, 0);
    return done;
}

#define PWRITE(name) \
    ssize_t name(int fd, const void *data, size_t length, off_t offset) { \
        REAL(name, ssize_t, int, const void *, size_t, off_t); \
        if (refuse(fd, 1)) return -1; \
        ssize_t done = real(fd, data, length, offset); \
        if (done > 0) note("write", fd, offset, done, data, 0); \
        return done; \
    }
PWRITE(pwrite)
PWRITE(pwrite64)

#define SYNC(name) \
    int name(int fd) { \
        REAL(name, int, int); \
        if (refuse(fd, 0)) return -1; \
        int result = hurry ? 0 : real(fd); \
        if (!result) note("sync", fd, 0, 0, 0, 0); \
        return result; \
    }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name) \
    int name(int fd, off_t size) { \
        REAL(name, int, int, off_t); \
        if (refuse(fd, 1)) return -1; \
        int result = real(fd, size); \
        if (!result) note("truncate", fd, size, 0, 0, 0); \
        return result; \
    }
TRUNCATE(ftruncate)
TRUNCATE(ftruncate64)

int unlink(const char *path) {
    REAL(unlink, int, const char *);
    count();
    int result = real(path);
    if (!result) note("unlink", -1, 0, 0, 0, path);
    return result;
}

ssize_t send(int fd, const void *data, size_t length, int flags) {
    REAL(send, ssize_t, int, const void *, size_t, int);
    count();
    return real(fd, data, length, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    REAL(sendmsg, ssize_t, int, const struct msghdr *, int);
    count();
    return real(fd, message, flags);
}

ssize_t writev(int fd, const struct iovec *parts, int number) {
    REAL(writev, ssize_t, int, const struct iovec *, int);
    count();
    return real(fd, parts, number);
}
