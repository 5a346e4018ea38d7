"""A page is fetched from a server in another thread."""

import http.server
import threading
import urllib.error
import urllib.request


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        code = 200 if self.path == "/there" else 404
        self.send_response(code)
        self.end_headers()
        self.wfile.write(b"page")

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
thread = threading.Thread(target=server.serve_forever)
thread.start()
base = f"http://127.0.0.1:{server.server_port}"
with urllib.request.urlopen(f"{base}/there", timeout=10) as answer:
    print(answer.status, answer.read())
try:
    urllib.request.urlopen(f"{base}/gone", timeout=10)
except urllib.error.HTTPError as error:
    print(error.code)
server.shutdown()
thread.join()
server.server_close()
