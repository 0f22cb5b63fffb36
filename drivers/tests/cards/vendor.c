/* A vendor's reader library for the tests: the national interface, told by environment variables what to answer, or, with
 * -DPRINTS='"..."', built to print that string and answer it. With VENDOR_ROBS it tries what no library has any business doing,
 * and answers which of it went well; with -DROBBER it is a program that does, and ends with the same answer. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef PRINTS
static const char *variable(const char *name) {
    if (!strcmp(name, "VENDOR_PRINTS")) return "1";
    return strcmp(name, "VENDOR_STRING") ? NULL : PRINTS;
}
#else
static const char *variable(const char *name) { return getenv(name); }
#endif

static int told(const char *name, int otherwise) {
    const char *value = variable(name);
    return value ? atoi(value) : otherwise;
}

/* VENDOR_ROBS names a folder with the files "key" and "socket" (a listening local socket is no matter here), VENDOR_PORT a port of
 * loopback where somebody listens, VENDOR_SHARED a file in memory that programs share. */
static int rob(void) {
    const char *folder = getenv("VENDOR_ROBS");
    char path[4096];
    struct stat key, other;
    int done = 0, file;
    snprintf(path, sizeof path, "%s/key", folder);
    if ((file = open(path, O_RDONLY)) >= 0) { done |= 1; close(file); }
    DIR *listing = opendir(folder);
    if (listing) { done |= 2; closedir(listing); }
    if ((file = open(path, O_WRONLY)) >= 0) { done |= 4; close(file); }
    if (!chmod(path, 0666)) done |= 8;
    if (stat(path, &key)) done |= 1 << 30;
    for (file = 3; file < 256; file++)
        if (!fstat(file, &other) && other.st_ino == key.st_ino && other.st_dev == key.st_dev) done |= 16;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(told("VENDOR_PORT", 0))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if ((file = socket(AF_INET, SOCK_STREAM, 0)) >= 0) {
        if (!connect(file, (struct sockaddr *)&address, sizeof address)) done |= 32;
        close(file);
    }
    pid_t child = fork();
    if (child == 0) _exit(0);
    if (child > 0) { done |= 64; waitpid(child, NULL, 0); }
    FILE *shell = popen("exit 7", "r");
    if (shell && WEXITSTATUS(pclose(shell)) == 7) done |= 128;
    if (!kill(getppid(), 0)) done |= 256;
    if (!ptrace(PTRACE_SEIZE, getppid(), 0, 0)) done |= 512;
    snprintf(path, sizeof path, "/proc/%d/mem", (int)getppid());
    if ((file = open(path, O_RDONLY)) >= 0) { done |= 1024; close(file); }
    snprintf(path, sizeof path, "/proc/%d/environ", (int)getppid());
    if ((file = open(path, O_RDONLY)) >= 0) { done |= 2048; close(file); }
    if (getenv("PATH")) done |= 4096;
    snprintf(path, sizeof path, "%s/new", folder);
    if ((file = open(path, O_WRONLY | O_CREAT, 0600)) >= 0) { done |= 8192; close(file); }
    const char *shared = getenv("VENDOR_SHARED");
    if (shared && (file = open(shared, O_RDWR)) >= 0) { done |= 16384; close(file); }
    if ((file = open("/usr/lib/os-release", O_RDONLY)) < 0) done |= 1 << 29;
    if ((file = open("/dev/urandom", O_RDONLY)) < 0) done |= 1 << 28;
    return done;
}

static int copy(const char *name, char *out) {
    const char *value = variable(name);
    if (value) strcpy(out, value);
    return 0;
}

int iReadCardBas(int type, char *out) {
    int code = told("VENDOR_CODE", 0);
    (void)type;
    if (getenv("VENDOR_ROBS")) return -1000000 - rob();
    if (variable("VENDOR_PRINTS")) {
        const char *said = variable("VENDOR_STRING");
        for (int stream = 1; said && stream <= 2; stream++) {
            (void)!write(stream, said, strlen(said));
            (void)!write(stream, "\n", 1);
        }
    }
    if (getenv("VENDOR_CRASHES")) abort();
    if (getenv("VENDOR_HANGS")) pause();
    if (getenv("VENDOR_RUNS_ON")) memset(out, 'A', 8192);
    if (code) return code;
    copy("VENDOR_STRING", out);
    return told("VENDOR_RETURNS", 0);
}

int iReadCardBas_HSM_Step1(int type, char *out) {
    (void)type;
    return copy("VENDOR_STEP1", out);
}

int iReadCardBas_HSM_Step2(const char *key, char *out) {
    const char *wanted = getenv("VENDOR_KEY");
    if (!wanted || strcmp(key, wanted)) return -21;
    return copy("VENDOR_STRING", out);
}

#ifdef ROBBER
int main(void) {
    printf("%d", rob());
    return 0;
}
#endif
