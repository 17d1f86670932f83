import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const version = '4.4.0'
const folder = join(homedir(), '.cache', 'bookinfo', `kafka-${version}`)
const copyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

/** The class path of Kafka: fetched from Maven Central once (43 MB) and kept outside the repository. */
export const kafkaClassPath = async (): Promise<string> => {
  if (!existsSync(folder)) await fetchJars()
  return join(folder, '*')
}

const fetchJars = async (): Promise<void> => {
  mkdirSync(dirname(folder), { recursive: true })
  const work = mkdtempSync(`${folder}-`)
  writeFileSync(join(work, 'pom.xml'), pom)
  const jars = join(work, 'jars')
  await promisify(execFile)('mvn', ['-B', '-q', copyPlugin, '-DincludeScope=runtime', `-DoutputDirectory=${jars}`], {
    cwd: work,
  })
  try {
    renameSync(jars, folder)
  } catch (error) {
    // Another test file was faster.
    if (!existsSync(folder)) throw error
  }
  rmSync(work, { recursive: true, force: true })
}

const dependency = (group: string, artifact: string, number: string): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${number}</version></dependency>`

// Without an implementation of slf4j, Kafka would say nothing at all when it cannot start.
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>bookinfo</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    ${dependency('org.apache.kafka', 'kafka_2.13', version)}
    ${dependency('org.slf4j', 'slf4j-simple', '1.7.36')}
  </dependencies>
</project>
`
