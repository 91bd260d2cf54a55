package crowd

import (
	"errors"
	"io"
	"sync"
	"syscall"
)

// tick is how often the reader looks whether it should end, in milliseconds.
const tick = 200

// poll reads all sockets in one goroutine, which waits for them with epoll, until stopped.
func poll(sockets []*socket, take func(*socket, []byte), lost func(*socket, error)) (stop func(), err error) {
	ep, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	fds := make([]int, len(sockets))
	for i, s := range sockets {
		if fds[i], err = descriptor(s); err == nil {
			err = syscall.EpollCtl(ep, syscall.EPOLL_CTL_ADD, fds[i], &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(i)})
		}
		if err != nil {
			return nil, errors.Join(err, syscall.Close(ep))
		}
	}
	quit := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		buf, events := make([]byte, 256<<10), make([]syscall.EpollEvent, 256)
		for {
			n, err := syscall.EpollWait(ep, events, tick)
			select {
			case <-quit:
				return
			default:
			}
			if err != nil && !errors.Is(err, syscall.EINTR) {
				lost(nil, err)
				return
			}
			for _, e := range events[:max(n, 0)] {
				s := sockets[e.Fd]
				if err := receive(fds[e.Fd], buf, func(b []byte) { take(s, b) }); err != nil {
					_ = syscall.EpollCtl(ep, syscall.EPOLL_CTL_DEL, fds[e.Fd], nil)
					lost(s, err)
				}
			}
		}
	})
	return func() {
		close(quit)
		reader.Wait()
		_ = syscall.Close(ep)
	}, nil
}

// receive reads once; what is left over makes epoll tell again.
func receive(fd int, buf []byte, take func([]byte)) error {
	n, err := syscall.Read(fd, buf)
	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
		return nil
	case err != nil:
		return err
	case n == 0:
		return io.EOF
	}
	take(buf[:n])
	return nil
}

// descriptor gives the socket's file descriptor, good as long as the connection is held.
func descriptor(s *socket) (fd int, err error) {
	raw, err := s.net.(syscall.Conn).SyscallConn()
	if err != nil {
		return 0, err
	}
	return fd, raw.Control(func(p uintptr) { fd = int(p) })
}
