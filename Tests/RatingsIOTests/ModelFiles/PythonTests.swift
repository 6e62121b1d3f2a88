import ALS
import RatingsIO
import Testing

@Suite(.enabled(if: Python.isThere, "SKIPPED: needs python3 with numpy and scipy"))
struct PythonTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  @Test func `NumPy and SciPy read a model`() throws {
    let model = try sampleModel()
    try ModelDirectory(scratch["model"]).save(model)
    let sum = model.factors.user.values.reduce(0) { $0 + Double($1) }
    try scratch.write(
      "check.py",
      """
      import io, json, sys, numpy as np, scipy.sparse as sp
      d = sys.argv[1] + '/model/'
      x = np.load(d + 'user_factors.npy'); y = np.load(d + 'item_factors.npy')
      assert x.dtype == np.float32 and x.shape == (5, 3) and y.shape == (4, 3) and x.flags.c_contiguous
      assert abs(float(x.astype(np.float64).sum()) - \(sum)) < 1e-9
      b = io.BytesIO(); np.save(b, x); assert b.getvalue() == open(d + 'user_factors.npy', 'rb').read()
      assert np.load(d + 'user_factors.npy', mmap_mode='r')[1, 2] == x[1, 2]
      r = sp.load_npz(d + 'ratings.npz')
      r.check_format(full_check=True)
      assert r.shape == (5, 4) and r.dtype == np.float32 and r.indices.dtype == np.int32 and r.indptr.dtype == np.int32
      assert r.toarray().tolist() == [[1,0,2.5,0],[0,0,0,0],[0,-3,0,0],[100,0,0,0],[0,4,5,0]], r.toarray()
      assert r.nnz == 7 and r.has_sorted_indices
      assert open(d + 'items.txt', encoding='utf-8').read().split('\\n') == ['a', 'b,c', '007', '"ü"', '']
      assert json.load(open(d + 'model.json'))['parameters']['seed'] == 2**64 - 1
      """)
    #expect(Python.run([scratch["check.py"], scratch.path]) == 0)
  }

  @Test(arguments: [0, 400, 900])
  func `Python reads an archive with the records of large ones`(threshold: Int) throws {
    let ratings = try #require(try sampleModel().ratings)
    let file = try WritableFile(creating: scratch["large.npz"])
    try ratings.writeNPZ(to: file, zip64Threshold: threshold)
    try file.finish()
    try scratch.write(
      "check.py",
      """
      import sys, zipfile, scipy.sparse as sp
      p = sys.argv[1] + '/large.npz'
      assert zipfile.ZipFile(p).testzip() is None
      assert sp.load_npz(p).nnz == 7
      """)
    #expect(Python.run([scratch["check.py"], scratch.path]) == 0)
  }

  @Test func `what SciPy saves is read, compressed or not`() throws {
    try scratch.write(
      "make.py",
      """
      import sys, numpy as np, scipy.sparse as sp
      r = np.random.default_rng(1)
      m = sp.random(3000, 500, 0.1, format='csr', dtype=np.float32, random_state=1)
      sp.save_npz(sys.argv[1] + '/plain.npz', m, compressed=False)
      sp.save_npz(sys.argv[1] + '/compressed.npz', m, compressed=True)
      sp.save_npz(sys.argv[1] + '/double.npz', sp.csr_matrix(m.astype(np.float64)))
      np.array([m.nnz], dtype='<i8').tofile(sys.argv[1] + '/count')
      """)
    try #require(Python.run([scratch["make.py"], scratch.path]) == 0)
    let plain = try CSRMatrix(npz: ReadableFile(scratch["plain.npz"]))
    #expect(plain.rowCount == 3000 && plain.columnCount == 500 && plain.isValid)
    #expect(try scratch.bytes("count").reversed().reduce(0) { $0 << 8 | Int($1) } == plain.entryCount)
    #expect(try CSRMatrix(npz: ReadableFile(scratch["compressed.npz"])) == plain)
    #expect(try CSRMatrix(npz: ReadableFile(scratch["double.npz"])) == plain)
  }

  @Test func `ratings that SciPy and NumPy save are read, in every form`() throws {
    try scratch.write(
      "make.py",
      """
      import sys, numpy as np, scipy.io, scipy.sparse as sp
      d = sys.argv[1] + '/'
      m = sp.random(300, 200, 0.1, format='csr', dtype=np.float32, random_state=1)
      for form in ['csr', 'csc', 'coo']:
        for packed in [False, True]:
          sp.save_npz(d + f'{form}{packed}.npz', m.asformat(form), compressed=packed)
      c = sp.csr_array(m); c.indptr = c.indptr.astype(np.int64); c.indices = c.indices.astype(np.int64)
      sp.save_npz(d + 'array.npz', c.astype(np.float64))
      sp.save_npz(d + 'coo_array.npz', sp.coo_array(m))
      scipy.io.mmwrite(d + 'one.mtx', sp.coo_matrix((m.data, (m.tocoo().row - 0, m.tocoo().col - 0)), m.shape), precision=9)
      o = m.tocoo()
      rows = np.column_stack([o.row, o.col, o.data.astype(np.float64)])
      np.save(d + 'rows.npy', rows)
      np.save(d + 'columns.npy', np.asfortranarray(rows))
      r = np.zeros(m.nnz, dtype=np.dtype([('rating', 'f4'), ('user', 'i8'), ('name', 'U5'), ('item', 'u2')], align=True))
      r['user'], r['item'], r['rating'] = o.row, o.col, o.data
      np.save(d + 'records.npy', r)
      """)
    try #require(Python.run([scratch["make.py"], scratch.path]) == 0)
    let first = try RatingsReader().read([Location(scratch["csrFalse.npz"])])
    #expect(first.ratings.entryCount == 6000)
    for name in [
      "csrTrue.npz", "cscFalse.npz", "cscTrue.npz", "cooFalse.npz", "cooTrue.npz", "array.npz", "coo_array.npz",
      "rows.npy",
      "columns.npy", "records.npy",
    ] {
      let set = try RatingsReader().read([Location(scratch[name])])
      #expect(set.users == first.users && set.items == first.items && set.ratings == first.ratings, "\(name)")
    }
    let text = try RatingsReader().read([Location(scratch["one.mtx"])])
    #expect(text.ratings == first.ratings && text.users[0] == "1" && first.users[0] == "0")
  }
}
