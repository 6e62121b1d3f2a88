import Testing

@Suite struct `The program as a whole` {
  @Test func `prints its version`() throws {
    let outcome = try GPUALSProgram.run(["--version"], in: Workspace())
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.split(separator: ".").count == 3)
  }

  @Test(arguments: [
    "devices", "doctor", "generate", "train", "tune", "report", "evaluate", "predict", "recommend", "recommend-users",
    "similar", "explain", "update", "export", "import", "sagemaker-train", "bench",
  ])
  func `every command shows an example in its help`(_ command: String) throws {
    for arguments in [[command, "--help"], ["help", command]] {
      let outcome = try GPUALSProgram.run(arguments, in: Workspace())
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      #expect(outcome.output.contains("Example"))
      #expect(outcome.output.contains("gpuals \(command)"))
    }
  }

  @Test func `runs a program of its own for a command that is not built in`() throws {
    let workspace = try Workspace()
    try workspace.makeProgram("bin/gpuals-hello", "#!/bin/sh\necho \"hello $*\"\nexit 7\n")
    let environment = ["PATH": "\(workspace.file("bin")):/usr/bin:/bin"]
    let outcome = try GPUALSProgram.run(["hello", "--loud", "a b"], in: workspace, environment: environment)
    #expect(outcome.status == 7)
    #expect(outcome.output == "hello --loud a b\n")
  }

  @Test func `does not hand its ignored signals on to such a program`() throws {
    let workspace = try Workspace()
    try workspace.makeProgram("bin/gpuals-pipe", "#!/bin/sh\ntrap\nkill -PIPE $$\necho survived\n")
    let environment = ["PATH": "\(workspace.file("bin")):/usr/bin:/bin"]
    let outcome = try GPUALSProgram.run(["pipe"], in: workspace, environment: environment)
    #expect(outcome.status == 128 + 13)
    #expect(!outcome.output.contains("survived"))
  }

  @Test func `a reader that has seen enough is no failure`() throws {
    let workspace = try SampleWorkspace.trained()
    let script = """
      #!/bin/bash
      set -o pipefail
      yes 1 | head -100000 > users.txt
      "$GPUALS" recommend --model model --users users.txt | head -1 > first.txt
      echo "${PIPESTATUS[0]}" > status.txt
      """
    try workspace.makeProgram("bin/gpuals-script", script)
    let outcome = try GPUALSProgram.run(
      ["script"], in: workspace,
      environment: ["PATH": "\(workspace.file("bin")):/usr/bin:/bin", "GPUALS": GPUALSProgram.path])
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(try workspace.read("status.txt") == "0\n")
    #expect(try workspace.read("first.txt") == "user,rank,item,score\n")
  }

  @Test func `a full disk is told, not ignored`() throws {
    let workspace = try SampleWorkspace.trained()
    let outcome = try GPUALSProgram.run(
      ["recommend", "--model", "model", "--all", "--output", "/dev/full"], in: workspace)
    #expect(outcome.status == 73 || outcome.status == 74, "\(outcome.errors)")
    #expect(outcome.errors.contains("/dev/full"))
  }

  // MARK: devices and doctor

  static let withoutOpenCL = ["GPUALS_OPENCL_LIBRARY": "/nonexistent/libOpenCL.so"]

  @Test func `without an OpenCL library, devices says what to install`() throws {
    let outcome = try GPUALSProgram.run(["devices"], in: Workspace(), environment: Self.withoutOpenCL)
    #expect(outcome.status == 69)
    #expect(outcome.errors.contains("ocl-icd-libopencl1"))
    #expect(outcome.output.isEmpty)
  }

  @Test func `without an OpenCL library, doctor names the package and exits with 69`() throws {
    let outcome = try GPUALSProgram.run(["doctor"], in: Workspace(), environment: Self.withoutOpenCL)
    #expect(outcome.status == 69)
    #expect(outcome.output.contains("✗ OpenCL loader"))
    #expect(outcome.output.contains("apt-get install ocl-icd-libopencl1 pocl-opencl-icd"))
    let json = try JSONValue(
      parsing: GPUALSProgram.run(["doctor", "--json"], in: Workspace(), environment: Self.withoutOpenCL).output)
    #expect(json["ok"] == .bool(false))
    #expect(json.keys == ["devices", "findings", "ok", "usable"])
  }

  @Test func `without a driver, doctor says which place is empty`() throws {
    let workspace = try Workspace()
    workspace.makeDirectory("vendors")
    let place = workspace.file("vendors")
    let outcome = try GPUALSProgram.run(
      ["doctor"], in: workspace, environment: ["OCL_ICD_VENDORS": place, "OPENCL_VENDOR_PATH": place])
    guard outcome.output.contains("✓ OpenCL loader") else { return }
    #expect(outcome.output.contains("✗ OpenCL drivers: no .icd file in \(place)"))
  }

  @Test func `a kernel cache that cannot be written is told by doctor`() throws {
    guard try GPUALSProgram.run(["doctor"], in: Workspace()).output.contains("✓ pocl's kernel cache") else { return }
    let outcome = try GPUALSProgram.run(
      ["doctor"], in: Workspace(), environment: ["POCL_CACHE_DIR": "/proc/no-such-place"])
    #expect(outcome.output.contains("✗ pocl's kernel cache: /proc/no-such-place cannot be written to"))
    #expect(outcome.output.contains("export POCL_CACHE_DIR="))
  }

  @Test func `without an OpenCL library, the reference trains`() throws {
    let workspace = try SampleWorkspace.make()
    let outcome = try GPUALSProgram.run(SampleWorkspace.train, in: workspace, environment: Self.withoutOpenCL)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test func `without a place for compiled kernels, doctor says so, and the device computes all the same`() throws {
    guard try GPUALSProgram.run(["devices"], in: Workspace()).status == 0 else { return }
    let environment = ["GPUALS_CACHE_DIR": "/proc/no-such-place"]
    let outcome = try GPUALSProgram.run(["doctor"], in: Workspace(), environment: environment)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("✗ kernel cache: /proc/no-such-place/programs cannot be written to"))
    #expect(outcome.output.contains("export GPUALS_CACHE_DIR="))
  }

  @Test func `doctor and devices agree where there is a device`() throws {
    let devices = try GPUALSProgram.run(["devices", "--json"], in: Workspace())
    let doctor = try JSONValue(parsing: GPUALSProgram.run(["doctor", "--json"], in: Workspace()).output)
    guard devices.status == 0 else {
      #expect(devices.status == 69)
      #expect(doctor["ok"] == .bool(false))
      return
    }
    let list = try JSONValue(parsing: devices.output).elements
    #expect(list.count == doctor["devices"]?.elements.count)
    for key in ["index", "name", "vendor", "type", "platform", "driver", "memory", "compute_units", "opencl_version"] {
      #expect(list.allSatisfy { $0[key] != nil }, "\(key)")
    }
    let workspace = try SampleWorkspace.make()
    let absent = try GPUALSProgram.run(SampleWorkspace.train + ["--device", "\(list.count)"], in: workspace)
    #expect(absent.status == 69 || absent.status == 64, "\(absent.errors)")
    #expect(absent.errors.contains("gpuals devices"))
  }

  // MARK: generate

  @Test func `a sample is the same for the same seed and trains`() throws {
    let workspace = try Workspace()
    for (name, seed) in [("a", "1"), ("b", "1"), ("c", "2")] {
      let outcome = try GPUALSProgram.run(
        [
          "generate", "--users", "50", "--items", "40", "--ratings", "600", "--seed", seed, "--output", name, "--json",
        ], in: workspace)
      #expect(outcome.status == 0, "\(outcome.errors)")
      let json = try JSONValue(parsing: outcome.output)
      #expect(json["users"] == .number(50) && json["ratings_file"] == .text("\(name)/ratings.tsv"))
    }
    #expect(workspace.entries("a") == ["artists.tsv", "ratings.tsv"])
    #expect(try workspace.readBytes("a/ratings.tsv") == workspace.readBytes("b/ratings.tsv"))
    #expect(try workspace.readBytes("a/ratings.tsv") != workspace.readBytes("c/ratings.tsv"))
    let outcome = try GPUALSProgram.run(
      [
        "train", "a/ratings.tsv", "--dataset", "yahoo-r1", "--item-names", "a/artists.tsv", "--holdout", "0.1",
        "--rank", "4", "--device", "reference", "--model", "model",
      ], in: workspace)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }
}
